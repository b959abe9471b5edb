#ifndef OTPGATE_SERVER_APP_SERVER_METRICS_H_
#define OTPGATE_SERVER_APP_SERVER_METRICS_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/log.h"
#include "server/app/backend.h"
#include "server/app/engines.h"
#include "server/config/config.h"
#include "server/delivery/dispatcher.h"
#include "server/engine/runner.h"
#include "server/jobs/cleanup_job.h"
#include "server/metrics/metrics.h"
#include "server/metrics/page.h"
#include "server/rpc/server.h"
#include "server/service/session_service.h"
#include "server/service/subject_event_log.h"

namespace otpgate::app {

// Turns what the parts of a server report into metrics. When metrics are off, the observers are
// empty and nothing is served. Observers are thread-safe and must not outlive this object.
// Events: METRICS_LISTENING.
class ServerMetrics {
 public:
  explicit ServerMetrics(const config::MetricsConfig& config);

  BackendObserver ForBackend() const;
  service::SubjectEventLog::OnEvent ForCodes() const;
  service::OnRefresh ForRefreshes() const;
  // The observer of a server with these methods. Call it once.
  rpc::CallObserver ForCalls(const std::vector<rpc::UnaryMethod>& methods) const;
  void Count(absl::string_view engine, const engine::BatchReport& report) const;

  // Serves the metrics from now on. The arguments must live until Stop. `cleanup` null: this server
  // takes no part in it.
  //   UNAVAILABLE  cannot listen
  absl::Status Serve(const Engines& engines, const delivery::Dispatcher& dispatcher,
                     const jobs::CleanupJob* cleanup, Log& log);
  // Idempotent.
  void Stop() { page_.reset(); }

 private:
  const config::MetricsConfig config_;
  const std::unique_ptr<metrics::Metrics> metrics_;  // null: off
  std::unique_ptr<metrics::Page> page_;
};

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_SERVER_METRICS_H_
