#ifndef OTPGATE_SERVER_RPC_SERVER_H_
#define OTPGATE_SERVER_RPC_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/rpc/callers.h"
#include "server/rpc/tls_files.h"
#include "server/rpc/unary_method.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"

namespace otpgate {

struct ServerOptions {
  // "127.0.0.1:50051", "[::1]:50051", "unix:/run/otpgate/grpc.sock"; port 0 picks a free one.
  std::vector<std::string> listen;
  // With a directory, all addresses but unix sockets speak TLS. Without, anything but loopback
  // addresses and unix sockets is refused, unless plaintext_is_safe.
  TlsOptions tls;
  bool plaintext_is_safe = false;
  int threads = 0;        // that serve the network; up to 64; 0: one for every two processors
  int posted_calls = 32;  // calls each method can take on each thread before the thread is back

  absl::Duration default_deadline = absl::Seconds(10);  // of a call that names none
  absl::Duration max_deadline = absl::Seconds(30);      // of any call

  int max_message_bytes = 64 * 1024;
  int max_metadata_bytes = 16 * 1024;             // all headers of a call together
  int max_streams = 1000;                         // at the same time, per connection
  int64_t max_buffer_bytes = int64_t{256} << 20;  // of all connections together

  absl::Duration handshake_timeout = absl::Seconds(10);
  absl::Duration keepalive_time = absl::Seconds(60);  // silence before the server pings
  absl::Duration keepalive_timeout = absl::Seconds(20);
  absl::Duration min_ping_interval = absl::Seconds(20);   // of clients; faster ones are sent away
  absl::Duration max_connection_age = absl::Minutes(30);  // so that load balancers can rebalance
  absl::Duration max_connection_age_grace = absl::Seconds(30);

  // Between "not serving" and the refusal of new calls, for load balancers to notice.
  absl::Duration drain_delay = absl::ZeroDuration();
  // Then, while somebody watches health: until no call has come for so long, for drain_timeout at
  // most. gRPC fails calls that come before their client knows that the server goes away.
  absl::Duration drain_quiet = absl::Seconds(2);
  absl::Duration drain_timeout = absl::Seconds(10);  // then calls are cancelled
};

// The end of a call.
struct CallReport {
  absl::string_view method;  // one of the server's
  int code = 0;              // of gRPC
  absl::string_view reason;  // name of a Reason; empty: none
  absl::Duration took;       // until the answer had left
};

// Who is told of calls, on the threads that serve them; must not block. Empty: nobody.
struct CallObserver {
  std::function<void(absl::string_view method)> on_start;
  std::function<void(const CallReport& report)> on_end;
};

// What a server needs from its process; all of it outlives the server.
struct ServerEnvironment {
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Log* log = nullptr;
  const Callers* callers = nullptr;
  CallObserver observer = {};
};

// The gRPC face of the process: serves unary methods on its own threads.
//
// Every call gets a deadline, a known caller, and exactly one answer, whatever its handler does.
// One log line per call (event RPC) tells method, code, reason, caller, duration and call id.
// Health (grpc.health.v1) is reported for "" and for each service of the methods; it starts as not
// serving. Thread-safe.
class Server {
 public:
  // INVALID_ARGUMENT, NOT_FOUND  options out of bounds, a method twice, files of TLS
  // FAILED_PRECONDITION  plaintext on an address that others can reach
  // UNAVAILABLE        cannot listen
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       std::vector<UnaryMethod> methods,
                                                       const ServerEnvironment& environment);

  virtual ~Server() = default;  // stops if need be

  // The port of each `listen` address; 0 for unix sockets.
  virtual const std::vector<int>& ports() const = 0;

  virtual void SetServing(bool serving) = 0;

  // Not serving, drain_delay, drain_quiet, no new calls; returns when every accepted call is
  // answered. Those that are not by drain_timeout are cancelled, and their handlers must still
  // answer them. Blocks, so call it from a thread of your own. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_SERVER_H_
