#ifndef OTPGATE_SERVER_VALIDATION_DOMAIN_NAME_H_
#define OTPGATE_SERVER_VALIDATION_DOMAIN_NAME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::validation {

// The form of a domain name in the DNS: lower-case A-labels (RFC 5890), at least two,
// each of 1 to 63 letters, digits and inner hyphens, at most 253 bytes, the last one not a number.
//
// International names go through UTS 46 non-transitional processing, which maps case and width and
// then follows IDNA2008 (RFC 5891): "ß" and "ss" stay different names, as they are in the DNS. An
// "xn--" label must be the canonical spelling of its Unicode form.
//
// Idempotent; thread-safe. INVALID_ARGUMENT with a text fit for the caller.
absl::StatusOr<std::string> CanonicalDomain(absl::string_view spelling);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_DOMAIN_NAME_H_
