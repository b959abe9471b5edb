#include "server/config/forms.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace otpgate::config {
namespace {

constexpr size_t kTextBytesMax = 1024;

bool IsGraphic(char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); }

bool IsOneOf(absl::string_view set, char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains(set, c);
}

bool IsPath(absl::string_view text) {
  return text.size() <= kTextBytesMax && !absl::c_any_of(text, absl::ascii_iscntrl);
}

enum class Reach { kNowhere, kThisMachine, kOthers };

Reach ReachOfHost(const std::string& host) {
  in_addr v4;
  in6_addr v6;
  bool loopback = false;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    loopback = ntohl(v4.s_addr) >> 24 == 127;
  } else if (host.size() > 2 && host.front() == '[' && host.back() == ']' &&
             inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) == 1) {
    loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  } else {
    return Reach::kNowhere;
  }
  return loopback ? Reach::kThisMachine : Reach::kOthers;
}

Reach ReachOf(absl::string_view address) {
  if (absl::StartsWith(address, "unix:/")) {
    return IsPath(address) ? Reach::kThisMachine : Reach::kNowhere;
  }
  const size_t colon = address.rfind(':');
  int port = -1;
  const bool has_port = colon != absl::string_view::npos &&
                        absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 &&
                        port <= 65535;
  return has_port ? ReachOfHost(std::string(address.substr(0, colon))) : Reach::kNowhere;
}

bool IsListenAddress(absl::string_view text) { return ReachOf(text) != Reach::kNowhere; }

bool IsPlaintextAddress(absl::string_view text) { return ReachOf(text) == Reach::kThisMachine; }

bool IsMetricsAddress(absl::string_view text) {
  return text.empty() || (IsListenAddress(text) && !absl::StartsWith(text, "unix:"));
}

// Finds "password=" and "sslpassword =" among pairs and in the query of a URI.
bool NamesPassword(absl::string_view text) {
  constexpr absl::string_view kPassword = "password";
  for (size_t at = text.find(kPassword); at != absl::string_view::npos;
       at = text.find(kPassword, at + 1)) {
    const absl::string_view after =
        absl::StripLeadingAsciiWhitespace(text.substr(at + kPassword.size()));
    if (absl::StartsWith(after, "=")) return true;
  }
  return false;
}

// Finds "postgresql://user:password@host".
bool UserHasPassword(absl::string_view text) {
  const size_t begin = text.find("://");
  if (begin == absl::string_view::npos) return false;
  const absl::string_view authority =
      text.substr(begin + 3, text.find_first_of("/?#", begin + 3) - begin - 3);
  const size_t at = authority.rfind('@');
  return at != absl::string_view::npos && absl::StrContains(authority.substr(0, at), ':');
}

bool IsDatabaseUrl(absl::string_view text) {
  return IsPath(text) && !NamesPassword(text) && !UserHasPassword(text);
}

bool IsTokenName(absl::string_view text) {
  return !text.empty() && text.size() <= 255 && absl::c_all_of(text, IsGraphic);
}

bool IsHostLabel(absl::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         absl::c_all_of(label, [](char c) {
           return IsOneOf("-", c) && !absl::ascii_isupper(static_cast<unsigned char>(c));
         });
}

bool IsHost(absl::string_view text) {
  return text.size() <= 253 && absl::c_all_of(absl::StrSplit(text, '.'), IsHostLabel);
}

bool IsBrand(absl::string_view text) {
  return !text.empty() && text.size() <= 30 && absl::StripAsciiWhitespace(text) == text &&
         absl::c_all_of(text, [](char c) { return IsOneOf(" .-&", c); });
}

bool IsCallerId(absl::string_view text) {
  if (text.empty() || text.size() > 64 || text == "development" || text == "anonymous") {
    return false;
  }
  return absl::c_all_of(text, [](char c) {
    return IsOneOf("._-", c) && !absl::ascii_isupper(static_cast<unsigned char>(c));
  });
}

bool IsScheme(absl::string_view text) {
  return !text.empty() && absl::ascii_islower(static_cast<unsigned char>(text[0])) &&
         absl::c_all_of(text, [](char c) { return IsOneOf("+.-", c); });
}

bool IsSan(absl::string_view text) {
  const size_t colon = text.find("://");
  if (colon == absl::string_view::npos) return IsHost(text);
  return text.size() <= kTextBytesMax && text.size() > colon + 3 &&
         IsScheme(text.substr(0, colon)) && absl::c_all_of(text, IsGraphic);
}

bool IsMethod(absl::string_view text) {
  if (text == "*") return true;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  const auto is_name = [](absl::string_view part) {
    return !part.empty() && absl::c_all_of(part, [](char c) { return IsOneOf("._", c); });
  };
  return parts.size() == 2 && is_name(parts[0]) && (parts[1] == "*" || is_name(parts[1]));
}

}  // namespace

Form PathForm() { return {IsPath, "a path"}; }

Form ListenAddressForm() { return {IsListenAddress, "IP:PORT, [IPv6]:PORT or unix:/PATH"}; }

Form PlaintextAddressForm() {
  return {IsPlaintextAddress, "127.0.0.1:PORT, [::1]:PORT or unix:/PATH"};
}

Form MetricsAddressForm() { return {IsMetricsAddress, "IP:PORT, [IPv6]:PORT or nothing"}; }

Form DatabaseUrlForm() {
  return {IsDatabaseUrl,
          "a libpq connection string without password, which goes to database.password_file"};
}

Form TokenNameForm() { return {IsTokenName, "1 to 255 printable ASCII characters"}; }

Form HostForm() { return {IsHost, "a lower-case host name"}; }

Form BrandForm() { return {IsBrand, "1 to 30 letters, digits, blanks or .-&"}; }

Form CallerIdForm() {
  return {IsCallerId, "1 to 64 of [a-z0-9._-], not \"development\" or \"anonymous\""};
}

Form SanForm() {
  return {IsSan, "a URI such as spiffe://example.com/gateway, or a lower-case DNS name"};
}

Form MethodForm() {
  return {IsMethod, "\"package.Service/Method\", \"package.Service/*\" or \"*\""};
}

}  // namespace otpgate::config
