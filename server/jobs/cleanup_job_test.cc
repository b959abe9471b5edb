#include "server/jobs/cleanup_job.h"

#include <gmock/gmock.h>

#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/conformance/samples.h"
#include "storage/memory/cleaner.h"
#include "storage/memory/job_leases.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_leases.h"
#include "tests/support/seeded_random.h"

namespace otpgate::jobs {
namespace {

using support::CapturedLog;
using support::FakeClock;
using support::SeededRandom;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr LeasedJob::Options kEachMinute = {absl::Minutes(1), absl::Seconds(30)};

class CleanupJobTest : public ::testing::Test {
 protected:
  // Call once per test: it takes `leases_`.
  std::unique_ptr<CleanupJob> NewJob(
      std::unique_ptr<storage::Cleaner> cleaner,
      std::function<bool()> may_run = [] { return true; }) {
    return std::make_unique<CleanupJob>(
        CleanupJob::Parts{.cleaner = std::move(cleaner),
                          .leases = std::move(leases_),
                          .holder = "a",
                          .clock = &clock_,
                          .log = &log_,
                          .may_run = std::move(may_run)},
        CleanupJob::Options{
            .retention = {}, .pace = {.batch = 2, .share = 100}, .lease = kEachMinute});
  }

  support::FakeClock clock_;
  storage::memory::MemoryDatabase database_{clock_};
  std::unique_ptr<storage::JobLeases> leases_ =
      std::make_unique<storage::memory::MemoryJobLeases>(database_);
  support::CapturedLog lines_;
  Log log_{&lines_, &clock_};
};

TEST_F(CleanupJobTest, I11_CleanupIsHeldBackWhileTheDatabaseIsNotWell) {
  int well = 0;  // how often may_run says yes from now on
  const auto job = NewJob(std::make_unique<storage::memory::MemoryCleaner>(database_),
                          [&] { return well-- > 0; });
  job->RunIfDue();
  EXPECT_EQ(job->Tally().held_back, 1);
  well = 3;  // yes before the round and after two statements, no after the third
  job->RunIfDue();
  EXPECT_EQ(job->Tally().held_back, 2);
  EXPECT_EQ(job->Tally().complete + job->Tally().cut_short + job->Tally().failed, 0);
  clock_.Advance(kEachMinute.interval);
  well = 1000;
  job->RunIfDue();
  EXPECT_EQ(job->Tally().complete, 1);
}

// Asks the test for each answer.
class ScriptedCleaner final : public storage::Cleaner {
 public:
  using Step =
      std::function<absl::StatusOr<storage::CleanupStep>(storage::CleanupKind, int64_t cursor)>;
  explicit ScriptedCleaner(Step step) : step_(std::move(step)) {}

  absl::StatusOr<storage::CleanupStep> Remove(storage::CleanupKind kind, const storage::Retention&,
                                              int64_t cursor, int) override {
    return step_(kind, cursor);
  }
  absl::StatusOr<storage::CleanupStep> Count(storage::CleanupKind, const storage::Retention&,
                                             int64_t) override {
    return storage::CleanupStep();
  }

 private:
  const Step step_;
};

// All kinds have their turn, however often a round is ended early.
TEST_F(CleanupJobTest, I11_ARoundBeginsWhereTheOneBeforeWasHeldBackOrFailed) {
  int well = 4;  // how often may_run says yes from now on
  absl::Status answer;
  std::vector<storage::CleanupKind> seen;
  const auto job =
      NewJob(std::make_unique<ScriptedCleaner>(
                 [&](storage::CleanupKind kind, int64_t) -> absl::StatusOr<storage::CleanupStep> {
                   seen.push_back(kind);
                   if (!answer.ok()) return answer;
                   return storage::CleanupStep();
                 }),
             [&] { return well-- > 0; });
  const auto look = [&] {
    seen.clear();
    clock_.Advance(kEachMinute.interval);
    job->RunIfDue();
  };
  look();
  EXPECT_THAT(seen,
              ElementsAre(storage::CleanupKind::kSignupOtps, storage::CleanupKind::kOtpSessions,
                          storage::CleanupKind::kRequests, storage::CleanupKind::kOutbox));
  well = 3;
  look();
  EXPECT_THAT(seen, ElementsAre(storage::CleanupKind::kOutbox, storage::CleanupKind::kSubjects,
                                storage::CleanupKind::kSessions));
  well = 1000;
  answer = absl::UnavailableError("away");
  look();
  EXPECT_EQ(seen.front(), storage::CleanupKind::kSessions);
  EXPECT_EQ(job->Tally().complete, 0);
  answer = absl::OkStatus();
  look();
  EXPECT_EQ(seen.front(), storage::CleanupKind::kSessions);
  EXPECT_THAT(seen, SizeIs(std::size(storage::kCleanupKinds)));
  EXPECT_EQ(job->Tally().complete, 1);
  look();
  EXPECT_EQ(seen.front(), storage::CleanupKind::kSignupOtps);
}

TEST_F(CleanupJobTest, J2_CleanupTellsWhatItRemovedSoFar) {
  const CleanupJob* asked = nullptr;
  int64_t so_far = -1;
  const auto step = [&](storage::CleanupKind kind,
                        int64_t cursor) -> absl::StatusOr<storage::CleanupStep> {
    if (kind != storage::CleanupKind::kSignupOtps) return absl::UnavailableError("away");
    if (cursor == 0) return storage::CleanupStep{.removable = 7, .removed = 5, .next = 1};
    so_far = asked->Tally().removed.at(kind);
    return storage::CleanupStep{.removable = 2, .removed = 2};
  };
  const auto job = NewJob(std::make_unique<ScriptedCleaner>(step));
  asked = job.get();
  job->RunIfDue();
  EXPECT_EQ(so_far, 5);
  const CleanupTally tally = job->Tally();
  EXPECT_EQ(tally.removed.at(storage::CleanupKind::kSignupOtps), 7);
  EXPECT_EQ(tally.held.at(storage::CleanupKind::kSignupOtps), 2);
  EXPECT_EQ(tally.failed, 1);
  EXPECT_EQ(tally.complete + tally.cut_short, 0);
  EXPECT_FALSE(tally.last_complete);
}

// Otherwise nobody would notice a wrong password.
TEST_F(CleanupJobTest, J4_ALeaseThatCannotBeHadIsAFailure) {
  leases_ = std::make_unique<support::ScriptedLeases>(
      std::deque<absl::Status>(2, absl::UnavailableError("connect: no password")));
  const auto job = NewJob(std::make_unique<storage::memory::MemoryCleaner>(database_));
  job->RunIfDue();
  job->RunIfDue();
  EXPECT_EQ(job->Tally().failed, 2);
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("detail":"connect: no password")"));
}

// It is logged once, and kept in the lease for `otpgatectl`.
TEST_F(CleanupJobTest, J2_CleanupTellsWhatItRemoved) {
  const auto job = NewJob(std::make_unique<storage::memory::MemoryCleaner>(database_));
  job->RunIfDue();
  EXPECT_THAT(lines_.Lines(), IsEmpty()) << "nothing to tell";
  EXPECT_EQ(job->Tally().complete, 1);
  clock_.Advance(kEachMinute.interval);
  support::SeededRandom random(1);
  database_.With([&](storage::memory::Tables& tables) {
    for (int n = 0; n < 5; ++n) {
      storage::Code code = storage::conformance::SampleCode(storage::CodeTable::kSignupOtps,
                                                            storage::Purpose::kLogin, random);
      tables.codes.insert_or_assign(storage::memory::CodeKey{storage::conformance::SampleSubject(n),
                                                             code.table, code.purpose},
                                    code);
    }
  });
  job->RunIfDue();
  ASSERT_EQ(lines_.Lines().size(), 1u);
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("event":"CLEANUP_DONE","removed":5,"held":0)"));
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("signup_otps_removed":5,"signup_otps_held":0)"));
  EXPECT_EQ((*storage::memory::MemoryJobLeases(database_).Read("cleanup"))->result,
            R"({"removed":{"signup_otps":5},"held":{},"complete":true})");

  EXPECT_EQ(job->Tally().complete, 2);
  EXPECT_EQ(job->Tally().last_complete, clock_.Now());
  EXPECT_EQ(job->Tally().removed.at(storage::CleanupKind::kSignupOtps), 5);
  EXPECT_EQ(job->Tally().held.at(storage::CleanupKind::kSignupOtps), 0);
  clock_.Advance(2 * kEachMinute.interval + absl::Microseconds(1));
  EXPECT_EQ(job->Tally().removed.at(storage::CleanupKind::kSignupOtps), 5);
  EXPECT_THAT(job->Tally().held, IsEmpty()) << "others may have made rounds since";
}

}  // namespace
}  // namespace otpgate::jobs
