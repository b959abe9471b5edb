#include "otpgate/client/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cpp/service_config.h"

namespace otpgate::client {
namespace {

bool IsLoopbackAddress(absl::string_view address) {
  return absl::StartsWith(address, "127.") || absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "localhost:");
}

// A name that only looks like loopback ("127.evil.example:1") reaches other machines.
bool IsNumericV4(absl::string_view address) {
  return address.find_first_not_of("0123456789.:") == absl::string_view::npos;
}

bool StaysHere(absl::string_view target) {
  if (absl::StartsWith(target, "unix:") || absl::StartsWith(target, "unix-abstract:")) return true;
  if (!absl::ConsumePrefix(&target, "dns:///") && !absl::ConsumePrefix(&target, "dns:") &&
      !absl::ConsumePrefix(&target, "ipv4:")) {
    absl::ConsumePrefix(&target, "ipv6:");
  }
  const std::vector<absl::string_view> addresses = absl::StrSplit(target, ',');
  return std::all_of(addresses.begin(), addresses.end(), [](absl::string_view address) {
    return IsLoopbackAddress(address) &&
           (!absl::StartsWith(address, "127.") || IsNumericV4(address));
  });
}

grpc::ChannelArguments Arguments(const ChannelOptions& options) {
  grpc::ChannelArguments out;
  if (options.own_connections) out.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  out.SetServiceConfigJSON(kServiceConfigJson);
  // The service config of this library counts, not one from the name service.
  out.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A restarting server is back within a second or two.
  out.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  out.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  return out;
}

}  // namespace

absl::string_view ServiceConfigJson() { return kServiceConfigJson; }

absl::StatusOr<std::shared_ptr<grpc::Channel>> NewChannel(const ChannelOptions& options) {
  if (options.target.empty()) return absl::InvalidArgumentError("no target");
  if (options.credentials != nullptr) {
    return grpc::CreateCustomChannel(options.target, options.credentials, Arguments(options));
  }
  if (!options.plaintext_is_safe && !StaysHere(options.target)) {
    return absl::InvalidArgumentError("plaintext to another machine; give credentials");
  }
  grpc::ChannelArguments arguments = Arguments(options);
  // Plaintext must not go through a proxy named by the environment.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(options.target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace otpgate::client
