#ifndef OTPGATE_SERVER_METERING_H_
#define OTPGATE_SERVER_METERING_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/auth/session_service.h"
#include "server/auth/subject_answers.h"
#include "server/backend.h"
#include "server/config/config.h"
#include "server/delivery/dispatcher.h"
#include "server/domain/session_commands.h"
#include "server/engine/runner.h"
#include "server/engines.h"
#include "server/jobs/cleanup_job.h"
#include "server/metrics/metrics.h"
#include "server/metrics/page.h"
#include "server/rpc/server.h"
#include "server/runtime/log.h"

namespace otpgate {

// What the parts of a server tell, as metrics. When they are off, the observers are empty and
// nothing is served. Observers are thread-safe and must not outlive it. Events: METRICS_LISTENING.
class Metering {
 public:
  explicit Metering(const MetricsConfig& config);

  BackendObserver ForBackend() const;
  SubjectAnswers::OnEvent ForCodes() const;
  SessionService::OnRefresh ForRefreshes() const;
  // Of a server with these methods. Call once.
  CallObserver ForCalls(const std::vector<UnaryMethod>& methods) const;
  void Count(absl::string_view engine, const BatchReport& report) const;

  // Answers readers from now on; all outlive Stop. `cleanup` null: this server has no part in it.
  //   UNAVAILABLE  cannot listen
  absl::Status Serve(const Engines& engines, const delivery::Dispatcher& dispatcher,
                     const CleanupJob* cleanup, Log& log);
  // Idempotent.
  void Stop() { page_.reset(); }

 private:
  const MetricsConfig config_;
  const std::unique_ptr<metrics::Metrics> metrics_;  // null: off
  std::unique_ptr<metrics::Page> page_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_METERING_H_
