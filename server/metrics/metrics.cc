#include "server/metrics/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <iterator>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/metrics/buckets.h"
#include "server/metrics/call_metrics.h"
#include "server/metrics/fixed_family.h"
#include "server/metrics/readings_page.h"

namespace otpgate::metrics {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

FixedFamily<Counter> Counters(prometheus::Registry& registry, const char* name, const char* help,
                              const char* label, const std::vector<std::string>& values) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  return FixedFamily<Counter>(family, label, values, {});
}

FixedFamily<Histogram> Histograms(prometheus::Registry& registry, const char* name,
                                  const char* help, const char* label,
                                  const std::vector<std::string>& values,
                                  const std::vector<double>& buckets) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  return FixedFamily<Histogram>(family, label, values, {}, buckets);
}

// Events of codes, by flow: the funnel from created to verified.
class OtpEvents {
 public:
  OtpEvents(prometheus::Registry& registry, const Vocabulary& vocabulary) {
    auto& family = prometheus::BuildCounter()
                       .Name("otpgate_otp_events_total")
                       .Help("What happened to codes: the funnel from created to verified.")
                       .Register(registry);
    for (const std::string& flow : vocabulary.flows) Add(family, flow, vocabulary.otp_events);
    Add(family, kOther, vocabulary.otp_events);
  }
  Counter& At(absl::string_view flow, absl::string_view event) const {
    const auto found = flows_.find(flow);
    return (found == flows_.end() ? flows_.find(kOther) : found)->second.At(event);
  }

 private:
  void Add(prometheus::Family<Counter>& family, const std::string& flow,
           const std::vector<std::string>& events) {
    flows_.emplace(
        flow, FixedFamily<Counter>(family, "event", events, prometheus::Labels{{"flow", flow}}));
  }

  absl::flat_hash_map<std::string, FixedFamily<Counter>> flows_;
};

Gauge& OnlyGauge(prometheus::Registry& registry, const char* name, const char* help,
                 const prometheus::Labels& labels = {}) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

}  // namespace

struct Metrics::Families final : prometheus::Collectable {
  Families(const Vocabulary& words, const std::string& version)
      : calls(registry),
        refusals(Counters(registry, "otpgate_refusals_total", "Calls that were refused.", "reason",
                          words.reasons)),
        batches(Histograms(registry, "otpgate_batch_commands", "Commands in one transaction.",
                           "engine", words.engines, BatchBuckets())),
        waits(Histograms(registry, "otpgate_queue_wait_seconds",
                         "How long the oldest command of a batch had waited for its worker.",
                         "engine", words.engines, ShortBuckets())),
        conflicts(Counters(registry, "otpgate_conflicts_total",
                           "Commands that lost a round to another server.", "engine",
                           words.engines)),
        in_doubt(Counters(registry, "otpgate_in_doubt_total",
                          "Commands whose COMMIT got no answer.", "engine", words.engines)),
        statements(Histograms(registry, "otpgate_statement_seconds",
                              "Time of statements in the database, round trip included.",
                              "statement", words.statements, ShortBuckets())),
        otp_events(registry, words),
        limits(Counters(registry, "otpgate_limits_hit_total", "Refusals because of a limit.",
                        "quota", words.quotas)),
        refreshes(Counters(registry, "otpgate_refresh_total",
                           "Refresh tokens that were presented, by what became of them.", "outcome",
                           words.refreshes)),
        clock_offset(OnlyGauge(registry, "otpgate_database_clock_offset_seconds",
                               "Clock of the database minus clock of this server.")) {
    OnlyGauge(registry, "otpgate_build_info", "Always 1.", {{"version", version}}).Set(1);
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> all = registry.Collect();
    absl::MutexLock lock(&mu);
    if (!read) return all;
    std::vector<prometheus::MetricFamily> now = FamiliesOf(read());
    all.insert(all.end(), std::make_move_iterator(now.begin()), std::make_move_iterator(now.end()));
    return all;
  }

  prometheus::Registry registry;
  CallMetrics calls;
  const FixedFamily<Counter> refusals;
  const FixedFamily<Histogram> batches;
  const FixedFamily<Histogram> waits;
  const FixedFamily<Counter> conflicts;
  const FixedFamily<Counter> in_doubt;
  const FixedFamily<Histogram> statements;
  const OtpEvents otp_events;
  const FixedFamily<Counter> limits;
  const FixedFamily<Counter> refreshes;
  Gauge& clock_offset;
  mutable absl::Mutex mu;
  std::function<Readings()> read ABSL_GUARDED_BY(mu);
};

Metrics::Metrics(const Vocabulary& vocabulary, const std::string& version)
    : families_(std::make_shared<Families>(vocabulary, version)) {}

Metrics::~Metrics() = default;

void Metrics::Expect(const std::string& method) { families_->calls.Expect(method); }

void Metrics::CallStarted(absl::string_view method) { families_->calls.Started(method); }

void Metrics::CallEnded(absl::string_view method, int code, absl::string_view reason,
                        absl::Duration took) {
  families_->calls.Handled(method, code, took);
  if (!reason.empty()) families_->refusals.At(reason).Increment();
}

void Metrics::BatchDone(absl::string_view engine, const Batch& batch) {
  families_->batches.At(engine).Observe(static_cast<double>(batch.commands));
  if (batch.waited != absl::InfiniteDuration()) {
    families_->waits.At(engine).Observe(absl::ToDoubleSeconds(batch.waited));
  }
  const auto add = [engine](const FixedFamily<Counter>& family, size_t n) {
    if (n > 0) family.At(engine).Increment(static_cast<double>(n));
  };
  add(families_->conflicts, batch.conflicts);
  add(families_->in_doubt, batch.in_doubt);
}

void Metrics::StatementDone(absl::string_view statement, absl::Duration took) {
  families_->statements.At(statement).Observe(absl::ToDoubleSeconds(took));
}

void Metrics::ClockOffset(absl::Duration offset) {
  families_->clock_offset.Set(absl::ToDoubleSeconds(offset));
}

void Metrics::OtpEvent(absl::string_view flow, absl::string_view event) {
  families_->otp_events.At(flow, event).Increment();
}

void Metrics::LimitHit(absl::string_view quota) { families_->limits.At(quota).Increment(); }

void Metrics::Refreshed(absl::string_view outcome) { families_->refreshes.At(outcome).Increment(); }

void Metrics::SetReadings(std::function<Readings()> read) {
  absl::MutexLock lock(&families_->mu);
  families_->read = std::move(read);
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(families_->Collect());
}

std::shared_ptr<prometheus::Collectable> Metrics::collectable() const { return families_; }

}  // namespace otpgate::metrics
