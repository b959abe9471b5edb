#ifndef OTPGATE_CLIENT_CHANNEL_H_
#define OTPGATE_CLIENT_CHANNEL_H_

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
  // A gRPC name: "dns:///otpgate.internal:50051" (a headless service finds all servers),
  // "ipv4:10.0.0.1:50051,10.0.0.2:50051", "127.0.0.1:50051", "unix:/run/otpgate/grpc".
  std::string target;
  // grpc::SslCredentials(...) and the like. Null: plaintext, and only to this machine.
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;
  // Plaintext to other machines after all: where a service mesh encrypts.
  bool plaintext_is_safe = false;
};

// The gRPC service config as JSON, also installed as share/otpgate/service_config.json for clients
// in other languages: calls go round robin over the servers that report themselves healthy; one
// that got UNAVAILABLE is repeated up to three times, waiting for a server to come back; none takes
// longer than 30 s.
//
// Repeats are harmless for requests with a `request_id` and for methods without one. AuthClient
// sets it; a stub of your own on such a channel must do so too.
absl::string_view ServiceConfigJson();

// A channel with that config. It connects with the first call, and again whenever it must.
// Thread-safe; make one per process.
//   INVALID_ARGUMENT  no target, or plaintext to another machine
absl::StatusOr<std::shared_ptr<grpc::Channel>> NewChannel(const ChannelOptions& options);

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENT_CHANNEL_H_
