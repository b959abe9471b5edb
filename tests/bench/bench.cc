#include "tests/bench/bench.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "base/status_macros.h"
#include "tests/bench/closed_loops.h"
#include "tests/bench/meter.h"
#include "tests/bench/open_loops.h"
#include "tests/bench/redis_design.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {
namespace {

// Databases with more subjects need a larger cache than the default.
constexpr int64_t kManyRows = 100'000;

bool Contains(const std::vector<int>& list, int number) {
  return std::find(list.begin(), list.end(), number) != list.end();
}

std::vector<Variant> VariantsOf(const BenchPlan& plan) {
  std::vector<Variant> variants;
  for (const int64_t rows : plan.rows) variants.push_back({.batching = true, .rows = rows});
  if (!plan.single_concurrencies.empty()) {
    variants.push_back({.batching = false, .rows = plan.rows.front()});
  }
  return variants;
}

class Bench {
 public:
  Bench(const BenchPlan& plan, SystemUnderTest& system, RedisDesign* design)
      : plan_(plan),
        variants_(VariantsOf(plan)),
        meter_(system, variants_),
        design_(design),
        people_(plan.identifiers) {}

  absl::StatusOr<std::vector<Measurement>> Run() {
    OTPGATE_RETURN_IF_ERROR(meter_.StartLedgers());
    OTPGATE_RETURN_IF_ERROR(ClosedRound(plan_.duration / 4));
    meter_.measured().clear();
    for (int i = 0; i < plan_.rounds; ++i) {
      OTPGATE_RETURN_IF_ERROR(ClosedRound(plan_.duration));
    }
    const std::vector<Measurement> closed = Medians(meter_.measured());
    for (int i = 0; i < plan_.rounds; ++i) OTPGATE_RETURN_IF_ERROR(OpenRound(closed));
    return Medians(meter_.measured());
  }

 private:
  absl::Status ClosedRound(absl::Duration duration) {
    std::vector<Tokens> sessions;
    size_t issuer = 0;  // the server that issued them
    LoadLimits limits{.operations = plan_.operations, .duration = duration};
    for (const int concurrency : plan_.concurrencies) {
      limits.concurrency = concurrency;
      for (size_t server = 0; server < variants_.size(); ++server) {
        const bool batching = variants_[server].batching;
        if (!batching && !Contains(plan_.single_concurrencies, concurrency)) continue;
        issuer = server;
        OTPGATE_ASSIGN_OR_RETURN(
            sessions,
            MeasureClosedLoops(meter_, people_, server == 0 ? design_ : nullptr,
                               {.server = server,
                                .limits = limits,
                                .sessions = Contains(plan_.session_concurrencies, concurrency),
                                .every_rpc = plan_.every_rpc}));
      }
    }
    OTPGATE_RETURN_IF_ERROR(meter_.CheckLedgers());
    limits.concurrency = 1;
    return meter_.MeasureLocalVerification(issuer, sessions, limits);
  }

  // Measures on the database with the most rows.
  absl::Status OpenRound(const std::vector<Measurement>& closed) {
    if (plan_.open_loop_shares.empty()) return absl::OkStatus();
    const OpenLoops loops{.server = plan_.rows.size() - 1,
                          .limits = {.concurrency = plan_.concurrencies.back(),
                                     .operations = plan_.operations,
                                     .duration = plan_.duration},
                          .shares = plan_.open_loop_shares};
    OTPGATE_RETURN_IF_ERROR(MeasureOpenLoops(meter_, people_, design_, loops, closed));
    return meter_.CheckLedgers();
  }

  const BenchPlan& plan_;
  const std::vector<Variant> variants_;
  Meter meter_;
  RedisDesign* const design_;  // null: not measured
  People people_;
};

// Sorts closed loops before open ones, then by server, rows and concurrency.
void Sort(std::vector<Measurement>& measurements) {
  const auto place = [](const Measurement& one) {
    return std::make_tuple(one.local_cpu_us.has_value(), one.offered_per_second.has_value(),
                           one.batching == false, one.rows_at_start.value_or(0), one.concurrency);
  };
  std::stable_sort(measurements.begin(), measurements.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

}  // namespace

absl::StatusOr<BenchReport> RunBench(const BenchPlan& plan) {
  const bool many_rows = *std::max_element(plan.rows.begin(), plan.rows.end()) > kManyRows;
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<SystemUnderTest> system,
                           SystemUnderTest::Start({.server_program = plan.server_program,
                                                   .variants = VariantsOf(plan),
                                                   .shared_buffers = many_rows ? "1GB" : "128MB"}));
  std::unique_ptr<RedisDesign> design;
  if (!plan.redis_design_folder.empty()) {
    OTPGATE_ASSIGN_OR_RETURN(design, RedisDesign::Start(plan.redis_design_folder));
  }
  BenchReport report;
  OTPGATE_ASSIGN_OR_RETURN(report.fsync, system->Setting("fsync"));
  OTPGATE_ASSIGN_OR_RETURN(report.synchronous_commit, system->Setting("synchronous_commit"));
  OTPGATE_ASSIGN_OR_RETURN(report.measurements, Bench(plan, *system, design.get()).Run());
  Sort(report.measurements);
  return report;
}

}  // namespace otpgate::bench
