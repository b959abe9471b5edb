#include "tests/bench/bench.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "server/runtime/status_macros.h"
#include "tests/bench/effect.h"
#include "tests/bench/local_verification.h"
#include "tests/bench/session_operations.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {
namespace {

constexpr Effect kNone = {};
constexpr Effect kAsked = {.subjects = 1};
constexpr Effect kEntered = {.sessions = 1};
constexpr Effect kSignedIn = {.subjects = 1, .sessions = 1};
constexpr Effect kRefreshed = {.rotations = 1};

double Ms(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }
double Us(absl::Duration duration) { return absl::ToDoubleMicroseconds(duration); }

bool Contains(const std::vector<int>& list, int number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

// `sorted` is not empty.
absl::Duration Percentile(const std::vector<absl::Duration>& sorted, size_t percent) {
  return sorted[std::min(sorted.size() * percent / 100, sorted.size() - 1)];
}

class Bench {
 public:
  Bench(const BenchPlan& plan, SystemUnderTest& system)
      : plan_(plan), system_(system), people_(plan.identifiers) {}

  absl::StatusOr<std::vector<Measurement>> Run() {
    duration_ = plan_.duration / 4;
    OTPGATE_RETURN_IF_ERROR(Round());
    rounds_.clear();
    duration_ = plan_.duration;
    for (int i = 0; i < plan_.rounds; ++i) OTPGATE_RETURN_IF_ERROR(Round());
    return Medians(rounds_);
  }

 private:
  absl::Status Round() {
    for (const bool batching : {true, false}) {
      for (const int concurrency : plan_.concurrencies) {
        if (!batching && !Contains(plan_.single_concurrencies, concurrency)) continue;
        OTPGATE_RETURN_IF_ERROR(All(batching, concurrency));
      }
    }
    return MeasureLocally();
  }

  absl::Status All(bool batching, int concurrency) {
    const Measurement as{.operation = "", .batching = batching, .concurrency = concurrency};
    EmptyCall empty;
    AskForCode ask(people_, AskForCode::Address::kNone);
    AskForCode ask_with_ip(people_, AskForCode::Address::kForwarded);
    SignIn sign_in(people_);
    OTPGATE_RETURN_IF_ERROR(Measure(as, kEmptyOperation, empty, plan_.operations, kNone));
    OTPGATE_RETURN_IF_ERROR(Measure(as, "RequestOtp", ask, plan_.operations, kAsked));
    OTPGATE_RETURN_IF_ERROR(Measure(as, "RequestOtpWithIp", ask_with_ip, plan_.operations, kAsked));
    std::vector<PendingCode> codes = ask.TakeCodes();
    const auto count = static_cast<int64_t>(codes.size());
    EnterCode enter(std::move(codes));
    OTPGATE_RETURN_IF_ERROR(Measure(as, "VerifyOtp", enter, count, kEntered));
    OTPGATE_RETURN_IF_ERROR(Measure(as, "login", sign_in, plan_.operations, kSignedIn));
    sessions_ = enter.TakeTokens();
    if (!Contains(plan_.session_concurrencies, concurrency)) return absl::OkStatus();
    Refresh refresh(sessions_);
    Introspect introspect(sessions_);
    AskWhoIsSignedIn ask_who(sessions_);
    OTPGATE_RETURN_IF_ERROR(Measure(as, "RefreshToken", refresh, plan_.operations, kRefreshed));
    OTPGATE_RETURN_IF_ERROR(Measure(as, "IntrospectToken", introspect, plan_.operations, kNone));
    return Measure(as, "GetCurrentUser", ask_who, plan_.operations, kNone);
  }

  // Of the newest sessions.
  absl::Status MeasureLocally() {
    std::vector<std::string> tokens;
    for (const Tokens& session : sessions_) tokens.push_back(session.access);
    OTPGATE_ASSIGN_OR_RETURN(const LocalResult local, VerifyLocally(system_.port(true), tokens,
                                                                    {.operations = plan_.operations,
                                                                     .duration = duration_}));
    const auto count = static_cast<double>(local.load.latencies.size());
    rounds_.push_back({.operation = kLocalVerification,
                       .concurrency = 1,
                       .ops_per_second = count / absl::ToDoubleSeconds(local.load.elapsed),
                       .local_cpu_us = Us(local.cpu) / count,
                       .p50_ms = Ms(Percentile(local.load.latencies, 50)),
                       .p99_ms = Ms(Percentile(local.load.latencies, 99))});
    return absl::OkStatus();
  }

  absl::Status Measure(Measurement as, const std::string& name, Operation& operation,
                       int64_t operations, const Effect& effect) {
    const bool batching = as.batching.value();
    as.operation = name;
    OTPGATE_ASSIGN_OR_RETURN(const RowCounts rows_before, system_.Count());
    OTPGATE_ASSIGN_OR_RETURN(const auto batches_before, system_.Batches(batching));
    OTPGATE_ASSIGN_OR_RETURN(const CpuUsed cpu_before, system_.Used(batching));
    OTPGATE_ASSIGN_OR_RETURN(const LoadResult load,
                             system_.load(batching).Run(operation, {.concurrency = as.concurrency,
                                                                    .operations = operations,
                                                                    .duration = duration_}));
    OTPGATE_RETURN_IF_ERROR(system_.AwaitDelivery());
    OTPGATE_ASSIGN_OR_RETURN(const CpuUsed cpu_after, system_.Used(batching));
    OTPGATE_ASSIGN_OR_RETURN(const auto batches_after, system_.Batches(batching));
    OTPGATE_ASSIGN_OR_RETURN(const RowCounts rows_after, system_.Count());
    const auto done = static_cast<int64_t>(load.latencies.size());
    OTPGATE_RETURN_IF_ERROR(CheckGrowth(rows_before, rows_after, effect, done));
    const auto count = static_cast<double>(done);
    const auto batches = static_cast<double>(batches_after.first - batches_before.first);
    const auto commands = static_cast<double>(batches_after.second - batches_before.second);
    as.ops_per_second = count / absl::ToDoubleSeconds(load.elapsed);
    as.server_cpu_us = Us(cpu_after.server - cpu_before.server) / count;
    as.postgres_cpu_us = Us(cpu_after.postgres - cpu_before.postgres) / count;
    as.p50_ms = Ms(Percentile(load.latencies, 50));
    as.p99_ms = Ms(Percentile(load.latencies, 99));
    as.mean_batch = batches > 0 ? commands / batches : 0;
    as.rows_stored = rows_after.subjects;
    rounds_.push_back(std::move(as));
    return absl::OkStatus();
  }

  const BenchPlan& plan_;
  SystemUnderTest& system_;
  People people_;
  absl::Duration duration_;       // of each measurement in this round
  std::vector<Tokens> sessions_;  // the newest
  std::vector<Measurement> rounds_;
};

}  // namespace

absl::StatusOr<BenchReport> RunBench(const BenchPlan& plan) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<SystemUnderTest> system,
                           SystemUnderTest::Start(plan.server_program));
  BenchReport report;
  OTPGATE_ASSIGN_OR_RETURN(report.fsync, system->Setting("fsync"));
  OTPGATE_ASSIGN_OR_RETURN(report.synchronous_commit, system->Setting("synchronous_commit"));
  OTPGATE_ASSIGN_OR_RETURN(report.measurements, Bench(plan, *system).Run());
  return report;
}

}  // namespace otpgate::bench
