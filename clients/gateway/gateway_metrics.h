#ifndef OTPGATE_CLIENTS_GATEWAY_GATEWAY_METRICS_H_
#define OTPGATE_CLIENTS_GATEWAY_GATEWAY_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/gateway/http/stats.h"

namespace otpgate::gateway {

// What the gateway counts, as a page for Prometheus:
//   otpgate_http_requests_total{route,status}  responses; a route is the name of its RPC, such as
//                                              "otpgate.v1.AuthService/VerifyOtp", or "other"
//   otpgate_http_request_seconds{route}        from the complete request to its response
//   otpgate_http_connections                   open now
//   otpgate_http_connections_total{result}     "accepted", "over_limit", "handshake_failed"
//   otpgate_http_rejected_total{status}        refused before they were a request
// No text of a client becomes a label. Thread-safe.
class GatewayMetrics {
 public:
  GatewayMetrics();
  ~GatewayMetrics();
  GatewayMetrics(const GatewayMetrics&) = delete;
  GatewayMetrics& operator=(const GatewayMetrics&) = delete;

  // `route` empty: a request that is for no RPC.
  void Answered(absl::string_view route, int status, absl::Duration took);
  // `read` runs for each page from now on; empty: no longer. Returns when no other one is running.
  void SetStats(std::function<HttpStats()> read);

  // The page.
  std::string Text() const;
  // Serves the page at GET /metrics in plain HTTP as long as the result lives. `address`:
  // "127.0.0.1:9465"; port 0 picks a free one. The metrics outlive it.
  //   UNAVAILABLE  cannot listen
  absl::StatusOr<std::shared_ptr<void>> Serve(const std::string& address) const;

 private:
  struct Families;
  const std::shared_ptr<Families> families_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_GATEWAY_METRICS_H_
