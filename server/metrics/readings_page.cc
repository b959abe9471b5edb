#include "server/metrics/readings_page.h"

#include <cstdint>
#include <string>
#include <utility>

namespace otpgate::metrics {
namespace {

prometheus::ClientMetric Gauge(double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return metric;
}

prometheus::MetricFamily Family(const std::string& name, const std::string& help,
                                prometheus::MetricType type) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  return family;
}

prometheus::MetricFamily Counters(const std::string& name, const std::string& help,
                                  const std::vector<std::pair<std::string, int64_t>>& by_outcome) {
  prometheus::MetricFamily family = Family(name, help, prometheus::MetricType::Counter);
  for (const auto& [outcome, count] : by_outcome) {
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    metric.label = {{"outcome", outcome}};
    metric.counter.value = static_cast<double>(count);
  }
  return family;
}

void AddCleanup(const Readings& readings, std::vector<prometheus::MetricFamily>& families) {
  auto removed =
      Family("otpgate_cleanup_removed_rows_total",
             "Rows of no use any more that this server removed.", prometheus::MetricType::Counter);
  auto held = Family("otpgate_cleanup_held_rows",
                     "Rows of no use any more that the last round of this server left, because "
                     "somebody held them.",
                     prometheus::MetricType::Gauge);
  auto complete = Family("otpgate_cleanup_last_complete_timestamp_seconds",
                         "When this server ended a round that looked through everything; 0: not "
                         "since it began. One server of all makes each round: take the maximum.",
                         prometheus::MetricType::Gauge);
  for (const Readings::Cleaned& cleaned : readings.cleaned) {
    prometheus::ClientMetric& metric = removed.metric.emplace_back();
    metric.label = {{"kind", cleaned.kind}};
    metric.counter.value = static_cast<double>(cleaned.removed);
    if (!cleaned.held) continue;
    held.metric.push_back(Gauge(static_cast<double>(*cleaned.held)));
    held.metric.back().label = {{"kind", cleaned.kind}};
  }
  families.push_back(std::move(removed));
  families.push_back(std::move(held));
  if (readings.cleanup_last_complete) {
    complete.metric.push_back(
        Gauge(absl::ToDoubleSeconds(*readings.cleanup_last_complete - absl::UnixEpoch())));
  }
  families.push_back(std::move(complete));
  families.push_back(Counters("otpgate_cleanup_rounds_total", "Rounds that this server made.",
                              readings.cleanup_rounds));
}

}  // namespace

std::vector<prometheus::MetricFamily> FamiliesOf(const Readings& readings) {
  using prometheus::MetricType;
  auto depth = Family("otpgate_queue_depth", "Commands that wait for a worker.", MetricType::Gauge);
  auto age = Family("otpgate_queue_age_seconds", "How long the oldest of them has waited.",
                    MetricType::Gauge);
  for (const Readings::Queue& queue : readings.queues) {
    depth.metric.push_back(Gauge(static_cast<double>(queue.depth)));
    age.metric.push_back(Gauge(absl::ToDoubleSeconds(queue.age)));
    depth.metric.back().label = age.metric.back().label = {{"engine", queue.engine}};
  }
  auto messages = Counters("otpgate_outbox_messages_total",
                           "What became of messages of the outbox.", readings.messages);
  auto waiting = Family("otpgate_outbox_waiting",
                        "Messages of this server that the dispatcher has not yet looked at.",
                        MetricType::Gauge);
  waiting.metric.push_back(Gauge(static_cast<double>(readings.messages_waiting)));
  std::vector<prometheus::MetricFamily> families = {depth, age, messages, waiting};
  AddCleanup(readings, families);
  return families;
}

}  // namespace otpgate::metrics
