#include "server/delivery/pace.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_random.h"

namespace otpgate::delivery {
namespace {

constexpr absl::Duration kNow = absl::Seconds(100);

class PaceTest : public ::testing::Test {
 protected:
  support::SeededRandom random_{1};
  Pace pace_{{.poll = absl::Seconds(1),
              .pause = absl::Milliseconds(10),
              .retry = {.first = absl::Milliseconds(100), .longest = absl::Seconds(5)}}};
};

TEST_F(PaceTest, AsksForEverythingAtOnceInTheBeginning) {
  EXPECT_FALSE(pace_.failing());
  EXPECT_LE(pace_.ready_at(), kNow);
  EXPECT_LE(pace_.claim_at(), kNow);
}

TEST_F(PaceTest, ClaimsAgainAtOnceWhileThereMayBeMoreAndLaterOtherwise) {
  pace_.Claimed(kNow, /*more=*/true);
  EXPECT_EQ(pace_.claim_at(), kNow);
  pace_.Claimed(kNow, /*more=*/false);
  EXPECT_EQ(pace_.claim_at(), kNow + absl::Seconds(1));
}

TEST_F(PaceTest, PausesAfterATurn) {
  pace_.Succeeded(kNow);
  EXPECT_EQ(pace_.ready_at(), kNow + absl::Milliseconds(10));
  EXPECT_FALSE(pace_.failing());
}

TEST_F(PaceTest, BacksOffWithBoundAndForgetsItOnSuccess) {
  absl::Duration before;
  for (int i = 0; i < 100; ++i) {
    pace_.Failed(kNow, random_);
    EXPECT_TRUE(pace_.failing());
    EXPECT_GT(pace_.ready_at(), kNow);
    EXPECT_LE(pace_.ready_at(), kNow + absl::Seconds(5));
    if (i < 4) {
      EXPECT_GT(pace_.ready_at(), before) << i;
    }
    before = pace_.ready_at();
  }
  EXPECT_GE(before, kNow + absl::Seconds(2));
  pace_.Succeeded(kNow);
  EXPECT_FALSE(pace_.failing());
  EXPECT_EQ(pace_.ready_at(), kNow + absl::Milliseconds(10));
  pace_.Failed(kNow, random_);
  EXPECT_LE(pace_.ready_at(), kNow + absl::Milliseconds(100));
}

}  // namespace
}  // namespace otpgate::delivery
