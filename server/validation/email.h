#ifndef OTPGATE_SERVER_VALIDATION_EMAIL_H_
#define OTPGATE_SERVER_VALIDATION_EMAIL_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::validation {

// RFC 5321 4.5.3.1.3 (path of 256 with its angle brackets); also a CHECK in the schema.
inline constexpr size_t kEmailBytesMax = 254;
// Longest accepted spelling. An international domain can shrink when it becomes A-labels.
inline constexpr size_t kEmailSpellingBytesMax = 512;

// The canonical form of an e-mail address: "Test@BÜCHER.example" -> "test@xn--bcher-kva.example".
// Every spelling of an address gives the same text, and that text gives itself. Mail is sent to the
// canonical address only, never to the spelling.
//
// The accepted part of RFC 5321 is what people use: a dot-atom (4.1.2) of at most 64 bytes, "@",
// and a domain name (CanonicalDomain). Surrounding blanks are dropped.
//   * The local part is ASCII and becomes lower case: no provider in use tells "Ann" from "ann".
//     Dots and "+tags" stay, since their meaning differs between providers.
//   * Local parts beyond ASCII (RFC 6531) are refused: the case and compatibility rules of Unicode
//     would merge addresses of different people ("ı" and "i", "ſ" and "s", Kelvin sign and "k").
//   * Quoted local parts, comments, address literals and single-label domains are refused.
//
// Thread-safe. INVALID_ARGUMENT with a text fit for the caller, never holding the address.
absl::StatusOr<std::string> CanonicalEmail(absl::string_view spelling);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_EMAIL_H_
