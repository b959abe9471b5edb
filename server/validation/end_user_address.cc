#include "server/validation/end_user_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace otpgate::validation {
namespace {

std::string Text(int family, const void* address) {
  char text[INET6_ADDRSTRLEN];
  OTPGATE_CHECK(inet_ntop(family, address, text, sizeof text) != nullptr);
  return text;
}

EndUserAddress FromIpv4(const in_addr& address) {
  std::string text = Text(AF_INET, &address);
  std::string bucket = absl::StrCat("ip:", text, "/32");
  return {std::move(text), std::move(bucket)};
}

EndUserAddress FromIpv6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr mapped;
    std::memcpy(&mapped, address.s6_addr + 12, sizeof mapped);
    return FromIpv4(mapped);
  }
  in6_addr prefix = address;
  std::fill(prefix.s6_addr + 8, prefix.s6_addr + 16, 0);
  return {Text(AF_INET6, &address), absl::StrCat("ip:", Text(AF_INET6, &prefix), "/64")};
}

}  // namespace

absl::StatusOr<EndUserAddress> ParseEndUserAddress(absl::string_view text) {
  // inet_pton reads up to the first NUL.
  if (text.size() < INET6_ADDRSTRLEN && !absl::StrContains(text, '\0')) {
    const std::string terminated(text);
    in_addr ipv4;
    if (inet_pton(AF_INET, terminated.c_str(), &ipv4) == 1) return FromIpv4(ipv4);
    in6_addr ipv6;
    if (inet_pton(AF_INET6, terminated.c_str(), &ipv6) == 1) return FromIpv6(ipv6);
  }
  return absl::InvalidArgumentError("must be an IPv4 or IPv6 address");
}

}  // namespace otpgate::validation
