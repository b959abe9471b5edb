#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_GRAMMAR_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_GRAMMAR_H_

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

// Character classes of RFC 9110, 9112 and 3986.
namespace otpgate::gateway {

inline bool IsOneOf(char c, absl::string_view set) {
  return set.find(c) != absl::string_view::npos;
}

// tchar of RFC 9110, 5.6.2.
inline bool IsTokenChar(char c) { return absl::ascii_isalnum(c) || IsOneOf(c, "!#$%&'*+-.^_`|~"); }

inline bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

// The field-value of RFC 9110, 5.5, surrounding white space included: tabs, printable ASCII, and
// bytes above it.
inline bool IsFieldValue(absl::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return absl::ascii_iscntrl(c) && c != '\t'; });
}

// unreserved of RFC 3986, 2.3.
inline bool IsUnreserved(char c) { return absl::ascii_isalnum(c) || IsOneOf(c, "-._~"); }

// What a path and a query may hold (RFC 3986, 3.3 and 3.4), with the % of a triplet.
inline bool IsTargetChar(char c) { return IsUnreserved(c) || IsOneOf(c, "!$&'()*+,;=:@/?%"); }

// Without the spaces and tabs around it (OWS of RFC 9110, 5.6.3).
inline absl::string_view TrimWhiteSpace(absl::string_view text) {
  while (!text.empty() && IsOneOf(text.front(), " \t")) text.remove_prefix(1);
  while (!text.empty() && IsOneOf(text.back(), " \t")) text.remove_suffix(1);
  return text;
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_GRAMMAR_H_
