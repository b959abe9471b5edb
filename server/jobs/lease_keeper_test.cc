#include "server/jobs/lease_keeper.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_leases.h"
#include "tests/support/status_matchers.h"

namespace otpgate::jobs {
namespace {

using ::otpgate::support::StatusIs;

class LeaseKeeperTest : public ::testing::Test {
 protected:
  LeaseKeeperTest() { EXPECT_TRUE(keeper_.Take(/*at_once=*/false)->taken); }

  support::FakeClock clock_;
  support::ScriptedLeases leases_;
  LeaseKeeper keeper_{leases_, clock_, {.job = "job", .holder = "a"}, absl::Seconds(30)};
};

TEST_F(LeaseKeeperTest, ALeaseIsRenewedOnceASliceHasPassed) {
  EXPECT_EQ(keeper_.slice(), absl::Seconds(10));
  clock_.Advance(keeper_.slice() - absl::Microseconds(1));
  EXPECT_TRUE(keeper_.Keep());
  EXPECT_EQ(leases_.calls, 1) << "taken";
  clock_.Advance(absl::Microseconds(1));
  EXPECT_TRUE(keeper_.Keep());
  EXPECT_TRUE(keeper_.Keep());
  EXPECT_EQ(leases_.calls, 2);
}

TEST_F(LeaseKeeperTest, ALeaseThatSomebodyTookIsLostAtOnce) {
  clock_.Advance(keeper_.slice());
  leases_.next = {absl::OkStatus()};
  EXPECT_FALSE(keeper_.Keep());
}

TEST_F(LeaseKeeperTest, ALeaseIsHeldUntilItEndsWhenNobodyAnswers) {
  leases_.next.assign(4, absl::UnavailableError("away"));
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(keeper_.Keep());
  clock_.Advance(absl::Seconds(20) - absl::Microseconds(1));
  EXPECT_TRUE(keeper_.Keep());
  clock_.Advance(absl::Microseconds(1));
  EXPECT_FALSE(keeper_.Keep());
}

// Servers that ask for the lease lock its row for a moment.
TEST_F(LeaseKeeperTest, J4_AFinishThatLostTheRowIsTriedAgain) {
  leases_.next = {absl::DeadlineExceededError("held"), absl::AbortedError("conflict")};
  const auto finished = keeper_.Finish(absl::Minutes(1), "{}");
  ASSERT_OK(finished);
  EXPECT_TRUE(*finished);
  leases_.next.assign(100, absl::DeadlineExceededError("held"));
  EXPECT_THAT(keeper_.Finish(absl::Minutes(1), "{}").status(),
              support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(leases_.next.size(), 100u - kContentionTries);
  leases_.next = {absl::UnknownError("lost")};
  EXPECT_THAT(keeper_.Finish(absl::Minutes(1), "{}").status(),
              support::StatusIs(absl::StatusCode::kUnknown));
}

}  // namespace
}  // namespace otpgate::jobs
