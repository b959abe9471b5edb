#include "server/metrics/readings_page.h"

#include <string>

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
  auto messages = Family("otpgate_outbox_messages_total", "What became of messages of the outbox.",
                         MetricType::Counter);
  for (const auto& [outcome, count] : readings.messages) {
    prometheus::ClientMetric& metric = messages.metric.emplace_back();
    metric.label = {{"outcome", outcome}};
    metric.counter.value = static_cast<double>(count);
  }
  auto waiting = Family("otpgate_outbox_waiting",
                        "Messages of this server that the dispatcher has not yet looked at.",
                        MetricType::Gauge);
  waiting.metric.push_back(Gauge(static_cast<double>(readings.messages_waiting)));
  return {depth, age, messages, waiting};
}

}  // namespace otpgate::metrics
