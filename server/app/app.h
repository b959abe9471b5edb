#ifndef OTPGATE_SERVER_APP_APP_H_
#define OTPGATE_SERVER_APP_APP_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/log.h"
#include "server/config/config.h"
#include "server/engine/runner.h"
#include "server/rpc/unary_method.h"

namespace otpgate::app {

// What a benchmark adds to an app; empty in production.
struct AppExtras {
  std::vector<rpc::UnaryMethod> methods;  // served beside those of AuthService
  // Called by the workers after every batch of the engines of subjects, sessions and accounts.
  engine::OnBatch on_calls;
};

// All objects of one server process, built from its configuration.
class App {
 public:
  // Builds everything, listens and watches the database. While the database is away the server runs
  // and reports NOT_SERVING. `log` outlives the app.
  //   FAILED_PRECONDITION  the database does not fit, or must not be used; the message says why
  //   others               secrets, delivery or addresses cannot be used
  static absl::StatusOr<std::unique_ptr<App>> Start(const config::Config& config, Log* log,
                                                    AppExtras extras = {});
  virtual ~App() = default;

  // The port of each listen address; 0 for unix sockets.
  virtual const std::vector<int>& ports() const = 0;

  // Reports NOT_SERVING, answers every accepted call, sends the enqueued messages and stops.
  // Idempotent.
  virtual void Stop() = 0;
};

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_APP_H_
