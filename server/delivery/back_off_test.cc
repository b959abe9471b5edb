#include "server/delivery/back_off.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/seeded_random.h"

namespace otpgate::delivery {
namespace {

TEST(BackOffTest, DoublesUpToItsLongestWithinHalfAndWhole) {
  support::SeededRandom random(1);
  const BackOff back_off{.first = absl::Seconds(1), .longest = absl::Seconds(30)};
  for (int tries = -1; tries < 100; ++tries) {
    const int doublings = std::clamp(tries, 0, 5);
    const absl::Duration whole = std::min(absl::Seconds(1 << doublings), absl::Seconds(30));
    std::set<absl::Duration> waits;
    for (int i = 0; i < 100; ++i) waits.insert(back_off.After(tries, random));
    EXPECT_GE(*waits.begin(), whole / 2) << tries;
    EXPECT_LT(*waits.rbegin(), whole) << tries;
    EXPECT_GT(waits.size(), 90u) << "no jitter at " << tries;
  }
}

}  // namespace
}  // namespace otpgate::delivery
