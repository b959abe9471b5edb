#ifndef OTPGATE_SERVER_VALIDATION_END_USER_ADDRESS_H_
#define OTPGATE_SERVER_VALIDATION_END_USER_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::validation {

// The network address of an end user.
struct EndUserAddress {
  std::string text;    // canonical (RFC 5952): "203.0.113.7", "2001:db8::1"; for sessions and audit
  std::string bucket;  // key of its limit: "ip:203.0.113.7/32", "ip:2001:db8::/64"
};

// Parses one address in any of its spellings. An IPv4-mapped IPv6 address (::ffff:a.b.c.d, RFC 4291
// 2.5.5.2) counts as the IPv4 address. IPv6 is limited by /64, the smallest block that a customer
// gets: its owner has 2^64 addresses.
//
// Zones ("%eth0"), ports, names and octal IPv4 forms are refused. Pure, thread-safe.
//   INVALID_ARGUMENT  not an address; the message never holds the text
absl::StatusOr<EndUserAddress> ParseEndUserAddress(absl::string_view text);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_END_USER_ADDRESS_H_
