#include "clients/gateway/end_user_address.h"

#include <arpa/inet.h>

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace otpgate::gateway {
namespace {

// A port or brackets are no part of an address, but some proxies write them.
std::string WithoutPort(absl::string_view entry) {
  entry = absl::StripAsciiWhitespace(entry);
  if (!entry.empty() && entry.front() == '[') {
    return std::string(entry.substr(1, entry.find(']') - 1));
  }
  const size_t colon = entry.find(':');
  const bool one_colon = colon != absl::string_view::npos && entry.rfind(':') == colon;
  return std::string(one_colon ? entry.substr(0, colon) : entry);
}

bool IsIpAddress(const std::string& text) {
  in6_addr address;
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace

std::string EndUserAddress(const HttpRequest& request, int trusted_proxies) {
  std::vector<std::string> entries;
  for (const HttpHeader& header : request.headers) {
    if (header.name != "x-forwarded-for") continue;
    for (const absl::string_view entry : absl::StrSplit(header.value, ',')) {
      entries.push_back(WithoutPort(entry));
    }
  }
  const auto trusted = static_cast<size_t>(trusted_proxies);
  if (trusted == 0 || entries.size() < trusted) return request.peer_ip;
  const std::string& said = entries[entries.size() - trusted];
  return IsIpAddress(said) ? said : request.peer_ip;
}

}  // namespace otpgate::gateway
