#include "tests/bench/stress/overload.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/bench/memory_use.h"
#include "tests/bench/operations.h"
#include "tests/bench/report.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {
namespace {

constexpr int kCapacityConcurrency = 64;
constexpr int kCapacityRounds = 3;
constexpr absl::Duration kBeforeOverload = absl::Milliseconds(200);
constexpr absl::Duration kWindow = absl::Milliseconds(500);
constexpr size_t kConnections = 8;
// Less than the server's limit of concurrent calls on these connections, more than its queue holds.
constexpr int kMaxOverloadCallsInFlight = 6000;

// RequestOtp. Tolerates refusals and missed deadlines.
class RequestCodeUnderLoad final : public Operation {
 public:
  explicit RequestCodeUnderLoad(People& people) : ask_(people, AskForCode::Address::kNone) {}
  LoadCall Begin(int64_t n) override { return ask_.Begin(n); }
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }
  bool Tolerates(int64_t, const absl::Status& status) override {
    return absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
  }

 private:
  AskForCode ask_;
};

absl::StatusOr<double> Capacity(Transport& transport, Operation& ask, absl::Duration duration) {
  std::vector<double> rounds;
  for (int i = 0; i <= kCapacityRounds; ++i) {
    OTPGATE_ASSIGN_OR_RETURN(
        const LoadResult load,
        RunLoad(transport, ask, {.concurrency = kCapacityConcurrency, .duration = duration}));
    if (i == 0) continue;  // to warm up
    rounds.push_back(static_cast<double>(load.latencies.size()) /
                     absl::ToDoubleSeconds(load.elapsed));
  }
  return Median(std::move(rounds));
}

// Measures the capacity with a server of its own, which refuses nothing.
absl::StatusOr<double> CapacityOf(const OverloadPlan& plan) {
  std::vector<std::string> flags = plan.flags;
  flags.emplace_back("--engine.queue_wait=1m");
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<SystemUnderTest> system,
                           SystemUnderTest::Start({.server_program = plan.server_program,
                                                   .variants = {{.flags = std::move(flags)}},
                                                   .settings = plan.settings}));
  People people(IdentifierKind::kEmail);
  AskForCode ask(people, AskForCode::Address::kNone);
  return Capacity(system->transport(0), ask, plan.capacity);
}

std::string QueueFlag(const OverloadPlan& plan, double capacity) {
  // More than the concurrency of the closed loop that warms up, which must not be refused.
  const double commands = std::max(capacity * plan.queue_seconds, kCapacityConcurrency + 1.0);
  return absl::StrCat("--engine.queue=", static_cast<int>(commands));
}

LoadLimits LimitsOf(const OverloadPlan& plan, double capacity) {
  const double normal = capacity * plan.normal_share;
  return {
      .concurrency = kMaxOverloadCallsInFlight,
      .duration = plan.calm + plan.overload + plan.recovery,
      .phases = {
          {normal, plan.calm}, {capacity * plan.factor, plan.overload}, {normal, plan.recovery}}};
}

// Fills in the figures of the operations that were due during the overload.
void FillOverload(const std::vector<Outcome>& overload, absl::Duration duration,
                  OverloadReport& report) {
  const double seconds = absl::ToDoubleSeconds(duration);
  report.tally = TallyOf(overload);
  report.offered_per_second = static_cast<double>(overload.size()) / seconds;
  report.served_per_second = static_cast<double>(report.tally.answered) / seconds;
  const auto refused = ServedIn(overload, absl::StatusCode::kResourceExhausted);
  report.refusal_p50_ms = PercentileMs(refused, 50);
  report.refusal_p99_ms = PercentileMs(refused, 99);
  report.served_p99_ms = PercentileMs(LatenciesOf(overload, absl::StatusCode::kOk), 99);
  report.lateness_p99_ms = PercentileMs(LatenessOf(overload), 99);
}

// Fills in whether and when operations were served after the overload as well as before it.
void FillRecovery(const std::vector<Outcome>& all, const OverloadPlan& plan,
                  OverloadReport& report) {
  const absl::Duration over = plan.calm + plan.overload;
  const absl::Duration end = over + plan.recovery;
  const auto before = WindowsP99(all, absl::ZeroDuration(), plan.calm, kWindow);
  const absl::Duration limit = *std::max_element(before.begin(), before.end());
  if (limit < absl::InfiniteDuration()) {
    report.back_after = BackAfter(WindowsP99(all, over, end, kWindow), kWindow, limit);
  }
  const absl::Duration back = over + report.back_after.value_or(absl::ZeroDuration());
  const auto p99_ms = [&](absl::Duration from, absl::Duration to) {
    return PercentileMs(LatenciesOf(DueIn(all, from, to), absl::StatusCode::kOk), 99);
  };
  report.limit_p99_ms = absl::ToDoubleMilliseconds(limit);
  report.before_p99_ms = p99_ms(absl::ZeroDuration(), plan.calm);
  report.after_p99_ms = p99_ms(back, end);
}

}  // namespace

absl::StatusOr<OverloadReport> MeasureOverload(const OverloadPlan& plan) {
  OverloadReport report;
  report.flags = plan.flags;
  OTPGATE_ASSIGN_OR_RETURN(report.capacity_per_second, CapacityOf(plan));
  report.flags.push_back(QueueFlag(plan, report.capacity_per_second));
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<SystemUnderTest> system,
                           SystemUnderTest::Start({.server_program = plan.server_program,
                                                   .variants = {{.flags = report.flags}},
                                                   .settings = plan.settings}));
  GrpcTransport transport(system->port(0), kConnections);
  People people(IdentifierKind::kEmail);
  RequestCodeUnderLoad ask(people);
  OTPGATE_RETURN_IF_ERROR(Capacity(transport, ask, kBeforeOverload).status());
  report.normal_per_second = report.capacity_per_second * plan.normal_share;
  OTPGATE_ASSIGN_OR_RETURN(const MemoryUse before, MemoryUseOf(system->pid(0)));
  OTPGATE_ASSIGN_OR_RETURN(const LoadResult load,
                           RunLoad(transport, ask, LimitsOf(plan, report.capacity_per_second)));
  OTPGATE_ASSIGN_OR_RETURN(const MemoryUse after, MemoryUseOf(system->pid(0)));
  report.memory_before_mb = before.now;
  report.memory_most_mb = after.most;
  report.memory_after_mb = after.now;
  FillOverload(DueIn(load.outcomes, plan.calm, plan.calm + plan.overload), plan.overload, report);
  FillRecovery(load.outcomes, plan, report);
  return report;
}

}  // namespace otpgate::bench
