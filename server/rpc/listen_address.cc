#include "server/rpc/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace otpgate::rpc {
namespace {

absl::Status Malformed(absl::string_view address) {
  return absl::InvalidArgumentError(
      absl::StrCat("listen address \"", absl::CHexEscape(address),
                   "\" must look like 127.0.0.1:50051, [::1]:50051 or unix:/path"));
}

bool IsPort(absl::string_view text) {
  int port = -1;
  return absl::SimpleAtoi(text, &port) && port >= 0 && port <= 65535;
}

bool IsLoopback4(const in_addr& address) { return ntohl(address.s_addr) >> 24 == 127; }

}  // namespace

absl::Status CheckPlaintextAddress(absl::string_view address) {
  if (IsUnixSocket(address)) return absl::OkStatus();
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || !IsPort(address.substr(colon + 1))) {
    return Malformed(address);
  }
  std::string host(address.substr(0, colon));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  in_addr v4;
  in6_addr v6;
  bool loopback = false;
  if (!bracketed && inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    loopback = IsLoopback4(v4);
  } else if (bracketed && inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  } else {
    return Malformed(address);
  }
  if (loopback) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("listen address ", address,
                   " can be reached by other machines, and this server speaks plaintext"));
}

bool IsUnixSocket(absl::string_view address) { return absl::StartsWith(address, "unix:/"); }

}  // namespace otpgate::rpc
