#include "server/metrics/call_metrics.h"

#include "server/metrics/buckets.h"
#include "server/metrics/fixed_family.h"

namespace otpgate::metrics {
namespace {

// Spelled as in Go, because dashboards for go-grpc-prometheus expect it.
constexpr const char* kCodeNames[] = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};
constexpr int kUnknown = 2;

prometheus::Family<prometheus::Counter>& CountersNamed(prometheus::Registry& registry,
                                                       const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

CallMetrics::CallMetrics(prometheus::Registry& registry)
    : started_(CountersNamed(registry, "grpc_server_started_total", "Calls that were accepted.")),
      received_(CountersNamed(registry, "grpc_server_msg_received_total",
                              "Messages that came with calls: one with each.")),
      sent_(CountersNamed(registry, "grpc_server_msg_sent_total",
                          "Messages that went with answers: one with each that is OK.")),
      handled_(CountersNamed(registry, "grpc_server_handled_total",
                             "Calls that were answered, by code.")),
      seconds_(prometheus::BuildHistogram()
                   .Name("grpc_server_handling_seconds")
                   .Help("From the acceptance of a call until its answer had left.")
                   .Register(registry)) {
  Expect(std::string(kOther) + "/" + kOther);
}

void CallMetrics::Expect(const std::string& method) {
  static_assert(std::size(kCodeNames) == kCodes);
  const size_t slash = method.find('/');
  prometheus::Labels labels = {{"grpc_type", "unary"},
                               {"grpc_service", method.substr(0, slash)},
                               {"grpc_method", method.substr(slash + 1)}};
  Method& metrics = methods_[method];
  metrics.started = &started_.Add(labels);
  metrics.received = &received_.Add(labels);
  metrics.sent = &sent_.Add(labels);
  metrics.seconds = &seconds_.Add(labels, CallBuckets());
  for (size_t code = 0; code < kCodes; ++code) {
    labels["grpc_code"] = kCodeNames[code];
    metrics.handled[code] = &handled_.Add(labels);
  }
}

const CallMetrics::Method& CallMetrics::Find(absl::string_view method) const {
  const auto found = methods_.find(method);
  return found == methods_.end() ? methods_.at("other/other") : found->second;
}

void CallMetrics::Started(absl::string_view method) const {
  const Method& metrics = Find(method);
  metrics.started->Increment();
  metrics.received->Increment();
}

void CallMetrics::Handled(absl::string_view method, int code, absl::Duration took) const {
  const Method& metrics = Find(method);
  const bool known = code >= 0 && code < static_cast<int>(kCodes);
  metrics.handled[known ? code : kUnknown]->Increment();
  if (code == 0) metrics.sent->Increment();
  metrics.seconds->Observe(absl::ToDoubleSeconds(took));
}

}  // namespace otpgate::metrics
