#include "clients/gateway/gateway_metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::gateway {
namespace {

constexpr char kOther[] = "other";

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto* const buckets = new prometheus::Histogram::BucketBoundaries{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return *buckets;
}

using Labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricFamily FamilyOf(const char* name, const char* help, prometheus::MetricType type) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  return family;
}

void AddCounter(prometheus::MetricFamily& family, Labels labels, uint64_t value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(value);
  family.metric.push_back(std::move(metric));
}

prometheus::MetricFamily OpenConnections(const HttpStats& stats) {
  prometheus::MetricFamily family =
      FamilyOf("otpgate_http_connections", "Open connections.", prometheus::MetricType::Gauge);
  prometheus::ClientMetric metric;
  metric.gauge.value = static_cast<double>(stats.open_connections);
  family.metric.push_back(std::move(metric));
  return family;
}

prometheus::MetricFamily Connections(const HttpStats& stats) {
  prometheus::MetricFamily family =
      FamilyOf("otpgate_http_connections_total", "Connections, by what became of them.",
               prometheus::MetricType::Counter);
  AddCounter(family, {{"result", "accepted"}}, stats.connections);
  AddCounter(family, {{"result", "over_limit"}}, stats.over_limit);
  AddCounter(family, {{"result", "handshake_failed"}}, stats.handshake_failures);
  return family;
}

prometheus::MetricFamily Rejected(const HttpStats& stats) {
  prometheus::MetricFamily family =
      FamilyOf("otpgate_http_rejected_total", "Refused before they were a request, by status.",
               prometheus::MetricType::Counter);
  for (size_t i = 0; i < kRejections.size(); ++i) {
    AddCounter(family, {{"status", absl::StrCat(kRejections[i])}}, stats.rejected[i]);
  }
  return family;
}

// The counters of the HTTP server, which keeps them itself.
class ServerStats final : public prometheus::Collectable {
 public:
  void Set(std::function<HttpStats()> read) ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    read_ = std::move(read);
  }
  std::vector<prometheus::MetricFamily> Collect() const override ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    if (!read_) return {};
    const HttpStats stats = read_();
    return {OpenConnections(stats), Connections(stats), Rejected(stats)};
  }

 private:
  mutable absl::Mutex mu_;
  std::function<HttpStats()> read_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

struct GatewayMetrics::Families {
  Families()
      : registry(std::make_shared<prometheus::Registry>()),
        requests(prometheus::BuildCounter()
                     .Name("otpgate_http_requests_total")
                     .Help("Responses, by route and status.")
                     .Register(*registry)),
        seconds(prometheus::BuildHistogram()
                    .Name("otpgate_http_request_seconds")
                    .Help("From the complete request to its response.")
                    .Register(*registry)) {}

  const std::shared_ptr<prometheus::Registry> registry;
  prometheus::Family<prometheus::Counter>& requests;
  prometheus::Family<prometheus::Histogram>& seconds;
  const std::shared_ptr<ServerStats> stats = std::make_shared<ServerStats>();
};

GatewayMetrics::GatewayMetrics() : families_(std::make_shared<Families>()) {}
GatewayMetrics::~GatewayMetrics() = default;

void GatewayMetrics::Answered(absl::string_view route, int status, absl::Duration took) {
  const std::string name(route.empty() ? kOther : route);
  families_->requests.Add({{"route", name}, {"status", absl::StrCat(status)}}).Increment();
  families_->seconds.Add({{"route", name}}, Buckets()).Observe(absl::ToDoubleSeconds(took));
}

void GatewayMetrics::SetStats(std::function<HttpStats()> read) {
  families_->stats->Set(std::move(read));
}

std::string GatewayMetrics::Text() const {
  std::vector<prometheus::MetricFamily> all = families_->registry->Collect();
  std::vector<prometheus::MetricFamily> stats = families_->stats->Collect();
  std::move(stats.begin(), stats.end(), std::back_inserter(all));
  return prometheus::TextSerializer().Serialize(all);
}

absl::StatusOr<std::shared_ptr<void>> GatewayMetrics::Serve(const std::string& address) const {
  try {
    auto page = std::make_shared<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", address, "num_threads", "2", "request_timeout_ms", "5000"});
    page->RegisterCollectable(families_->registry);
    page->RegisterCollectable(families_->stats);
    return std::shared_ptr<void>(std::move(page));
  } catch (const std::exception&) {
    return absl::UnavailableError(absl::StrCat("metrics cannot be served on ", address));
  }
}

}  // namespace otpgate::gateway
