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
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/rpc/callers.h"
#include "server/rpc/server_options.h"
#include "server/rpc/unary_method.h"

namespace otpgate::rpc {

// How a call ended.
struct CallReport {
  absl::string_view method;  // "otpgate.v1.AuthService/VerifyOtp"
  int code = 0;              // gRPC status code
  absl::string_view reason;  // name of a Reason; empty: none
  absl::Duration took;       // until the answer was sent
};

// Told of the start and the end of each call, on the threads that serve calls; must not block.
// Empty: not told.
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

// The gRPC server of the process: serves unary methods on its own threads.
//
// Every call gets a deadline, a known caller, and exactly one answer, whatever its handler does.
// One log line per call (event RPC) tells method, code, reason, caller, duration and call id.
// Health (grpc.health.v1) is reported for "" and for each service of the methods; it starts as not
// serving. Thread-safe.
class Server {
 public:
  //   INVALID_ARGUMENT     an option out of bounds, a method twice, TLS files that cannot be used
  //   NOT_FOUND            a TLS file that cannot be read
  //   FAILED_PRECONDITION  plaintext on an address that other machines can reach
  //   UNAVAILABLE          cannot listen
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       std::vector<UnaryMethod> methods,
                                                       const ServerEnvironment& environment);

  virtual ~Server() = default;  // stops the server

  // The port of each address; 0 for unix sockets.
  virtual const std::vector<int>& ports() const = 0;

  virtual void SetServing(bool serving) = 0;

  // Reports NOT_SERVING, waits for drain_delay and then, while health is watched, for drain_quiet;
  // refuses new calls and returns when every accepted call is answered. Calls without an answer
  // after drain_timeout are cancelled, and their handlers must still answer them. Blocks, so call
  // it from a thread of your own. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_SERVER_H_
