#ifndef OTPGATE_SERVER_RPC_SERVER_OPTIONS_H_
#define OTPGATE_SERVER_RPC_SERVER_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace otpgate::rpc {

// Whether callers are asked for a certificate, and may come without one.
enum class ClientCertificates { kOff, kOptional, kRequired };

// The certificate of a server, and the ones it asks for.
struct TlsOptions {
  // Holds tls.crt (the chain, own certificate first), tls.key and, unless client certificates are
  // off, ca.crt (who issues those). All PEM. Empty: no TLS.
  std::string directory;
  ClientCertificates client_certificates = ClientCertificates::kOff;
};

struct ServerOptions {
  // "127.0.0.1:50051", "[::1]:50051", "unix:/run/otpgate/grpc.sock"; port 0 picks a free one.
  std::vector<std::string> addresses = {"127.0.0.1:50051"};
  // With a directory, all addresses but unix sockets speak TLS. Without, anything but loopback
  // addresses and unix sockets is refused, unless plaintext_is_safe.
  TlsOptions tls;
  bool plaintext_is_safe = false;
  int threads = 0;  // that serve the network; up to 64; 0: one for every two processors
  // For each method and thread: how many calls can arrive while the thread is busy.
  int posted_calls = 32;

  absl::Duration default_deadline = absl::Seconds(10);  // of a call that names none
  absl::Duration max_deadline = absl::Seconds(30);      // of any call

  int max_message_bytes = 64 * 1024;
  int max_metadata_bytes = 16 * 1024;  // all headers of a call together
  int max_streams = 1000;              // at the same time, per connection
  int max_buffer_bytes = 256 << 20;    // of all connections together

  absl::Duration handshake_timeout = absl::Seconds(10);
  absl::Duration keepalive_time = absl::Seconds(60);  // silence before the server pings
  absl::Duration keepalive_timeout = absl::Seconds(20);
  absl::Duration min_ping_interval = absl::Seconds(20);   // of peers; faster ones are cut off
  absl::Duration max_connection_age = absl::Minutes(30);  // so that load balancers can rebalance
  absl::Duration max_connection_age_grace = absl::Seconds(30);

  // Between "not serving" and the refusal of new calls, for load balancers to notice.
  absl::Duration drain_delay = absl::ZeroDuration();
  // Then, while health is watched: until no call has come for this long, drain_timeout at most.
  // gRPC fails calls that were sent before their sender knew that the server stops.
  absl::Duration drain_quiet = absl::Seconds(2);
  absl::Duration drain_timeout = absl::Seconds(10);  // then calls are cancelled
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_SERVER_OPTIONS_H_
