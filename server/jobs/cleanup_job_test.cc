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

namespace otpgate {
namespace {

using ::otpgate::testing::CapturedLog;
using ::otpgate::testing::FakeClock;
using ::otpgate::testing::SeededRandom;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr LeasedJob::Options kEachMinute = {absl::Minutes(1), absl::Seconds(30)};

class CleanupJobTest : public ::testing::Test {
 protected:
  // Once in a test.
  std::unique_ptr<CleanupJob> NewJob(
      std::unique_ptr<Cleaner> cleaner, std::function<bool()> may_run = [] { return true; }) {
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

  FakeClock clock_;
  MemoryDatabase database_{clock_};
  std::unique_ptr<JobLeases> leases_ = std::make_unique<MemoryJobLeases>(database_);
  CapturedLog lines_;
  Log log_{&lines_, &clock_};
};

TEST_F(CleanupJobTest, I11_CleanupIsHeldBackWhileTheDatabaseIsNotWell) {
  int well = 0;  // so often it is, when asked
  const auto job = NewJob(std::make_unique<MemoryCleaner>(database_), [&] { return well-- > 0; });
  job->Look();
  EXPECT_EQ(job->Tally().held_back, 1);
  well = 3;  // the round begins, and ends after its third statement
  job->Look();
  EXPECT_EQ(job->Tally().held_back, 2);
  EXPECT_EQ(job->Tally().complete + job->Tally().cut_short + job->Tally().failed, 0);
  clock_.Advance(kEachMinute.interval);
  well = 1000;
  job->Look();
  EXPECT_EQ(job->Tally().complete, 1);
}

// Says what comes next, and notes it.
class ScriptedCleaner final : public Cleaner {
 public:
  using Step = std::function<absl::StatusOr<CleanupStep>(CleanupKind, int64_t place)>;
  explicit ScriptedCleaner(Step step) : step_(std::move(step)) {}

  absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention&, int64_t place,
                                     int) override {
    return step_(kind, place);
  }
  absl::StatusOr<CleanupStep> Count(CleanupKind, const Retention&, int64_t) override {
    return CleanupStep();
  }

 private:
  const Step step_;
};

// However often it is ended, all kinds have their turn.
TEST_F(CleanupJobTest, I11_ARoundBeginsWhereTheOneBeforeWasHeldBackOrFailed) {
  int well = 4;  // so often it is, when asked
  absl::Status answer;
  std::vector<CleanupKind> seen;
  const auto job = NewJob(std::make_unique<ScriptedCleaner>(
                              [&](CleanupKind kind, int64_t) -> absl::StatusOr<CleanupStep> {
                                seen.push_back(kind);
                                if (!answer.ok()) return answer;
                                return CleanupStep();
                              }),
                          [&] { return well-- > 0; });
  const auto look = [&] {
    seen.clear();
    clock_.Advance(kEachMinute.interval);
    job->Look();
  };
  look();
  EXPECT_THAT(seen, ElementsAre(CleanupKind::kSignupOtps, CleanupKind::kOtpSessions,
                                CleanupKind::kRequests, CleanupKind::kOutbox));
  well = 3;
  look();
  EXPECT_THAT(seen,
              ElementsAre(CleanupKind::kOutbox, CleanupKind::kSubjects, CleanupKind::kSessions));
  well = 1000;
  answer = absl::UnavailableError("away");
  look();
  EXPECT_EQ(seen.front(), CleanupKind::kSessions);
  EXPECT_EQ(job->Tally().complete, 0);
  answer = absl::OkStatus();
  look();
  EXPECT_EQ(seen.front(), CleanupKind::kSessions);
  EXPECT_THAT(seen, SizeIs(std::size(kCleanupKinds)));
  EXPECT_EQ(job->Tally().complete, 1);
  look();
  EXPECT_EQ(seen.front(), CleanupKind::kSignupOtps);
}

TEST_F(CleanupJobTest, J2_CleanupTellsWhatItRemovedSoFar) {
  const CleanupJob* asked = nullptr;
  int64_t so_far = -1;
  const auto step = [&](CleanupKind kind, int64_t place) -> absl::StatusOr<CleanupStep> {
    if (kind != CleanupKind::kSignupOtps) return absl::UnavailableError("away");
    if (place == 0) return CleanupStep{.at_rest = 7, .removed = 5, .next = 1};
    so_far = asked->Tally().removed.at(kind);
    return CleanupStep{.at_rest = 2, .removed = 2};
  };
  const auto job = NewJob(std::make_unique<ScriptedCleaner>(step));
  asked = job.get();
  job->Look();
  EXPECT_EQ(so_far, 5);
  const CleanupTally tally = job->Tally();
  EXPECT_EQ(tally.removed.at(CleanupKind::kSignupOtps), 7);
  EXPECT_EQ(tally.held.at(CleanupKind::kSignupOtps), 2);
  EXPECT_EQ(tally.failed, 1);
  EXPECT_EQ(tally.complete + tally.cut_short, 0);
  EXPECT_FALSE(tally.last_complete);
}

// Nobody would notice a wrong password otherwise.
TEST_F(CleanupJobTest, J4_ALeaseThatCannotBeHadIsAFailure) {
  leases_ = std::make_unique<testing::ScriptedLeases>(
      std::deque<absl::Status>(2, absl::UnavailableError("connect: no password")));
  const auto job = NewJob(std::make_unique<MemoryCleaner>(database_));
  job->Look();
  job->Look();
  EXPECT_EQ(job->Tally().failed, 2);
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("detail":"connect: no password")"));
}

// Once, and kept for whoever asks.
TEST_F(CleanupJobTest, J2_CleanupTellsWhatItRemoved) {
  const auto job = NewJob(std::make_unique<MemoryCleaner>(database_));
  job->Look();
  EXPECT_THAT(lines_.Lines(), IsEmpty()) << "nothing to tell";
  EXPECT_EQ(job->Tally().complete, 1);
  clock_.Advance(kEachMinute.interval);
  SeededRandom random(1);
  database_.With([&](memory::Tables& tables) {
    for (int n = 0; n < 5; ++n) {
      Code code = testing::SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random);
      tables.codes.insert_or_assign(
          memory::CodeKey{testing::SampleSubject(n), code.table, code.purpose}, code);
    }
  });
  job->Look();
  ASSERT_EQ(lines_.Lines().size(), 1u);
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("event":"CLEANUP_DONE","removed":5,"held":0)"));
  EXPECT_THAT(lines_.Text(), HasSubstr(R"("signup_otps_removed":5,"signup_otps_held":0)"));
  EXPECT_EQ((*MemoryJobLeases(database_).Read("cleanup"))->result,
            R"({"removed":{"signup_otps":5},"held":{},"complete":true})");

  EXPECT_EQ(job->Tally().complete, 2);
  EXPECT_EQ(job->Tally().last_complete, clock_.Now());
  EXPECT_EQ(job->Tally().removed.at(CleanupKind::kSignupOtps), 5);
  EXPECT_EQ(job->Tally().held.at(CleanupKind::kSignupOtps), 0);
  clock_.Advance(2 * kEachMinute.interval + absl::Microseconds(1));
  EXPECT_EQ(job->Tally().removed.at(CleanupKind::kSignupOtps), 5);
  EXPECT_THAT(job->Tally().held, IsEmpty()) << "others may have made rounds since";
}

}  // namespace
}  // namespace otpgate
