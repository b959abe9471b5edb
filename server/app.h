#ifndef OTPGATE_SERVER_APP_H_
#define OTPGATE_SERVER_APP_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/engine/runner.h"
#include "server/rpc/unary_method.h"
#include "server/runtime/log.h"

namespace otpgate {

// What a bench adds to an app; a shipped server has none of it.
struct AppExtras {
  std::vector<UnaryMethod> methods;  // served by the same transport
  // Told by the workers of every batch of commands on codes and sessions and of bearer tokens.
  OnBatch on_calls;
};

// All objects of one server process, put together from its configuration.
class App {
 public:
  // Builds, listens and watches the database; a database that is away is waited for, not serving.
  // `log` outlives the app.
  //   FAILED_PRECONDITION  the database does not fit, or must not be used; the message says why
  //   others               secrets, delivery or addresses cannot be used
  static absl::StatusOr<std::unique_ptr<App>> Start(const Config& config, Log* log,
                                                    AppExtras extras = {});
  virtual ~App() = default;

  // The port of each listen address; 0 for unix sockets.
  virtual const std::vector<int>& ports() const = 0;

  // Not serving, answers every accepted call, sends what was handed in, ends. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_APP_H_
