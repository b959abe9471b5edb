#include <atomic>

#include "storage/conformance/cleanup_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/status_matchers.h"

// A job has one holder at a time.
namespace otpgate::storage::conformance {
namespace {

constexpr absl::Duration kHold = absl::Minutes(10);
constexpr absl::Duration kEvery = absl::Hours(1);

TEST_P(CleanupContract, J4_OneHolderAtATime) {
  const auto leases = world_->NewJobLeases();
  EXPECT_FALSE(leases->Read("job")->has_value());
  ASSERT_TRUE(leases->Take("job", "a", kHold, false)->taken);
  for (const bool at_once : {false, true}) {
    const auto other = leases->Take("job", "b", kHold, at_once);
    ASSERT_OK(other);
    EXPECT_FALSE(other->taken);
    EXPECT_GT(other->wait, kHold - kAWhile);
    EXPECT_LE(other->wait, kHold);
  }
  EXPECT_TRUE(leases->Take("another job", "b", kHold, false)->taken);
  EXPECT_EQ((*leases->Read("job"))->holder, "a");
}

TEST_P(CleanupContract, J4_OfManyWhoTakeItAtOnceOneGetsIt) {
  std::atomic<int> taken = 0;
  support::Contend(5, [&](int i) {
    const auto leases = world_->NewJobLeases();
    const auto answer = leases->Take("job", std::string(1, static_cast<char>('a' + i)), kHold,
                                     /*at_once=*/true);
    ASSERT_OK(answer);
    taken += answer->taken;
  });
  EXPECT_EQ(taken, 1);
}

TEST_P(CleanupContract, J4_ADeadHolderIsFollowedAfterItsLease) {
  const auto leases = world_->NewJobLeases();
  ASSERT_TRUE(leases->Take("job", "a", kHold, false)->taken);
  world_->Advance(kHold - kAWhile);
  EXPECT_TRUE(*leases->Renew("job", "a", kHold));
  world_->Advance(kHold - kAWhile);
  EXPECT_FALSE(leases->Take("job", "b", kHold, false)->taken) << "renewed";
  world_->Advance(2 * kAWhile);
  EXPECT_TRUE(leases->Take("job", "b", kHold, false)->taken);
  EXPECT_FALSE(*leases->Renew("job", "a", kHold));
  EXPECT_FALSE(*leases->Finish("job", "a", kEvery, "late"));
  const auto row = *leases->Read("job");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->holder, "b");
  EXPECT_EQ(row->result, "");
}

TEST_P(CleanupContract, J4_AFinishedJobRestsUntilItIsDueOrAskedFor) {
  const auto leases = world_->NewJobLeases();
  ASSERT_TRUE(leases->Take("job", "a", kHold, false)->taken);
  EXPECT_TRUE(*leases->Finish("job", "a", kEvery, "done"));
  const auto early = leases->Take("job", "b", kHold, false);
  ASSERT_OK(early);
  EXPECT_FALSE(early->taken);
  EXPECT_GT(early->wait, kEvery - kAWhile);
  EXPECT_LE(early->wait, kEvery);
  EXPECT_TRUE(leases->Take("job", "b", kHold, /*at_once=*/true)->taken);
  EXPECT_TRUE(*leases->Finish("job", "b", kEvery, "done again"));
  world_->Advance(kEvery + kAWhile);
  EXPECT_TRUE(leases->Take("job", "a", kHold, false)->taken);
  const auto row = *leases->Read("job");
  ASSERT_TRUE(row && row->finished_at);
  EXPECT_EQ(row->result, "done again");
  EXPECT_LT(*row->finished_at, row->started_at);
  EXPECT_GT(row->held_until, row->now);
}

TEST_P(CleanupContract, I11_WhatWasTakenInTheFutureDoesNotCount) {
  ASSERT_TRUE(world_->NewJobLeases()->Take("job", "a", kHold, false)->taken);
  world_->Advance(-absl::Hours(25));
  const auto leases = world_->NewJobLeases();
  EXPECT_TRUE(leases->Take("job", "b", kHold, false)->taken);
  EXPECT_FALSE(leases->Take("job", "c", kHold, true)->taken);
  EXPECT_TRUE(*leases->Finish("job", "b", kEvery, "done"));
  EXPECT_FALSE(leases->Take("job", "c", kHold, false)->taken);
}

// The clock is right when the lease is taken, far ahead during the run, and then right again.
TEST_P(CleanupContract, I11_WhatWasRenewedOrFinishedInTheFutureDoesNotCount) {
  // The clock of one object never goes back, so each call needs a new one.
  const auto leases = [this] { return world_->NewJobLeases(); };
  ASSERT_TRUE(leases()->Take("job", "a", kHold, false)->taken);
  world_->Advance(absl::Hours(25));
  ASSERT_TRUE(*leases()->Renew("job", "a", kHold));
  world_->Advance(-absl::Hours(25));
  EXPECT_TRUE(leases()->Take("job", "b", kHold, false)->taken) << "nobody holds it for a day";
  world_->Advance(absl::Hours(25));
  ASSERT_TRUE(*leases()->Finish("job", "b", kEvery, ""));
  world_->Advance(-absl::Hours(25));
  EXPECT_FALSE(leases()->Take("job", "c", kHold, false)->taken) << "it is not due yet";
  EXPECT_TRUE(leases()->Take("job", "c", kHold, true)->taken);
  world_->Advance(kEvery + kHold);
  EXPECT_TRUE(leases()->Take("job", "d", kHold, false)->taken);
}

TEST_P(CleanupContract, J4_AJobThatTakesLongerThanItsIntervalIsDueAtOnce) {
  const auto leases = world_->NewJobLeases();
  ASSERT_TRUE(leases->Take("job", "a", kHold, false)->taken);
  world_->Advance(2 * kEvery);
  EXPECT_TRUE(*leases->Finish("job", "a", kEvery, ""));
  EXPECT_TRUE(leases->Take("job", "b", kHold, false)->taken);
}

}  // namespace
}  // namespace otpgate::storage::conformance
