#include "tests/bench/stress/cleaning.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "base/clock.h"
#include "base/status_macros.h"
#include "storage/postgres/pg_cleaner.h"
#include "tests/bench/operations.h"
#include "tests/bench/stored_rows.h"
#include "tests/bench/stress/cleaning_worker.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {
namespace {

constexpr int kMaxLoginsInFlight = 500;
constexpr int kConcurrency = 256;
constexpr uint64_t kSeed = 1;
constexpr int64_t kManyRows = 100'000;  // more need a larger cache than the default
constexpr int64_t kFewestSubjects = 100;
// The servers, by the index of their variant.
constexpr size_t kFull = 0;
constexpr size_t kFresh = 1;

class Logins {
 public:
  Logins(Transport& transport, double per_second)
      : transport_(transport), per_second_(per_second), people_(IdentifierKind::kEmail) {}

  absl::StatusOr<LoadResult> Run(absl::Duration duration) {
    SignIn sign_in(people_);
    return RunLoad(
        transport_, sign_in,
        {.concurrency = kMaxLoginsInFlight, .duration = duration, .per_second = per_second_});
  }

 private:
  Transport& transport_;
  const double per_second_;
  People people_;
};

absl::Status MeasureRemoval(const CleaningPlan& plan, SystemUnderTest& system,
                            CleaningReport& report) {
  const SystemClock clock;
  CleaningWorker worker(
      std::make_unique<storage::postgres::PgCleaner>(pg::ConnectionOptions{
          .connection_string = system.Connection(kFull, support::PgRole::kCleanup)}),
      clock);
  Logins logins(system.transport(kFull), plan.logins_per_second);
  // Lets the disk finish writing the stored rows.
  OTPGATE_RETURN_IF_ERROR(logins.Run(plan.rounds * plan.window).status());
  const auto run = [&](bool with) {
    worker.Work(with);
    return logins.Run(plan.window);
  };
  OTPGATE_ASSIGN_OR_RETURN(report.logins, RunPaired(plan.rounds, run));
  const CleaningWorker::Progress paced = worker.progress();
  report.paced_removed = paced.removed;
  report.paced_seconds = absl::ToDoubleSeconds(paced.worked);
  worker.Work(true);
  worker.StopPacing();
  const absl::Duration give_up = clock.Steady() + plan.drain_timeout;
  // The current round began with all rows stored, so its end means that every row was seen.
  while (worker.progress().rounds == 0 && clock.Steady() < give_up) {
    OTPGATE_RETURN_IF_ERROR(logins.Run(std::min(plan.window, absl::Seconds(1))).status());
  }
  const CleaningWorker::Progress progress = worker.progress();
  report.removed = progress.removed;
  report.seconds = absl::ToDoubleSeconds(progress.worked);
  report.complete = progress.rounds > 0;
  return progress.problem;
}

// Signs in this many people, each this many times.
absl::Status SignInOverAndOver(Transport& transport, int64_t people_count, int64_t times) {
  People people(IdentifierKind::kEmail);
  SignIn first(people);
  const LoadLimits limits{.concurrency = kConcurrency, .operations = people_count};
  OTPGATE_RETURN_IF_ERROR(RunLoad(transport, first, limits).status());
  std::vector<int64_t> who = first.signed_in();
  std::mt19937_64 chance(kSeed);
  // One load after the other, so that no person signs in twice at once. In random order, so that
  // people who sign in together do not have their rows on the same page.
  for (int64_t i = 1; i < times; ++i) {
    std::shuffle(who.begin(), who.end(), chance);
    SignInAgain again(people, who);
    OTPGATE_RETURN_IF_ERROR(RunLoad(transport, again, limits).status());
  }
  return absl::OkStatus();
}

absl::Status MeasureUpdates(const CleaningPlan& plan, SystemUnderTest& system,
                            CleaningReport& report) {
  const int64_t people = std::max<int64_t>(plan.codes / plan.codes_per_person, kConcurrency);
  report.codes = people * plan.codes_per_person;
  OTPGATE_RETURN_IF_ERROR(
      SignInOverAndOver(system.transport(kFresh), people, plan.codes_per_person));
  return system.database(kFresh).AwaitDelivery();
}

}  // namespace

absl::StatusOr<CleaningReport> MeasureCleaning(const CleaningPlan& plan) {
  CleaningReport report;
  report.logins_per_second = plan.logins_per_second;
  report.subjects =
      std::max(static_cast<int64_t>(static_cast<double>(plan.expired) / kExpiredRowsPerSubject),
               kFewestSubjects);
  OTPGATE_ASSIGN_OR_RETURN(
      const std::unique_ptr<SystemUnderTest> system,
      SystemUnderTest::Start(
          {.server_program = plan.server_program,
           // The limits on sends would refuse people who sign in again and again.
           .variants = {{.rows = report.subjects}, {.flags = {"--enable_rate_limit=false"}}},
           .shared_buffers = report.subjects > kManyRows ? "1GB" : "128MB"}));
  OTPGATE_RETURN_IF_ERROR(system->WithServerErrors(MeasureRemoval(plan, *system, report), kFull));
  OTPGATE_RETURN_IF_ERROR(system->database(kFull).AwaitDelivery());
  OTPGATE_ASSIGN_OR_RETURN(report.after_cleaning,
                           InspectTables(system->database(kFull).connection()));
  OTPGATE_RETURN_IF_ERROR(system->WithServerErrors(MeasureUpdates(plan, *system, report), kFresh));
  OTPGATE_ASSIGN_OR_RETURN(report.after_codes,
                           InspectTables(system->database(kFresh).connection()));
  return report;
}

}  // namespace otpgate::bench
