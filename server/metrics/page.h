#ifndef OTPGATE_SERVER_METRICS_PAGE_H_
#define OTPGATE_SERVER_METRICS_PAGE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/metrics/metrics.h"

namespace otpgate::metrics {

// Serves metrics at GET /metrics in plain HTTP, on threads of its own, as long as it lives. Paths
// that begin otherwise are 404. Thread-safe.
class Page {
 public:
  // `address`: "127.0.0.1:9464" or "[::1]:9464"; port 0 picks a free one. `metrics` outlives it.
  //   UNAVAILABLE  cannot listen
  static absl::StatusOr<std::unique_ptr<Page>> Serve(const Metrics& metrics,
                                                     const std::string& address);
  virtual ~Page() = default;
  virtual int port() const = 0;
};

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_PAGE_H_
