#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_CHANNEL_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace grpc {
class Channel;
class ChannelCredentials;
}  // namespace grpc

namespace otpgate::client {

struct ChannelOptions {
  // A gRPC target: "dns:///otpgate.internal:50051" (a headless service resolves to all
  // servers), "ipv4:10.0.0.1:50051,10.0.0.2:50051", "127.0.0.1:50051", "unix:/run/otpgate/grpc".
  std::string target;
  // For example grpc::SslCredentials(...). Null: plaintext, which is allowed to this machine only.
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;
  // Allows plaintext to other machines, for example where a service mesh encrypts.
  bool plaintext_is_safe = false;
  // Channels to the same target share their connections unless this is set. One connection carries
  // about 100 calls at a time; a proxy may want more.
  bool own_connections = false;
};

// The gRPC service config as JSON, also installed as share/otpgate/service_config.json for clients
// in other languages. Calls go round robin over the servers that report themselves healthy. A call
// that gets UNAVAILABLE is retried up to three times, and waits for a server to come back. No call
// takes longer than 30 s.
//
// Retries are safe for requests with a `request_id` and for methods without one. AuthClient sets
// it; code that uses a stub on such a channel must set it, too.
absl::string_view ServiceConfigJson();

// A channel with that config. It connects at the first call, and reconnects when a connection is
// lost. Thread-safe; make one per process.
//   INVALID_ARGUMENT  no target, or plaintext to another machine
absl::StatusOr<std::shared_ptr<grpc::Channel>> NewChannel(const ChannelOptions& options);

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_CHANNEL_H_
