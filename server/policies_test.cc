#include "server/policies.h"

#include <gtest/gtest.h>

namespace otpgate {
namespace {

TEST(PoliciesTest, I8_QueuesAreBoundedAsConfigured) {
  const QueueLimits limits = QueueLimitsFrom({.workers = 1,
                                              .batch = 5,
                                              .queue = 7,
                                              .queue_per_key = 3,
                                              .queue_wait = absl::Milliseconds(20)});
  EXPECT_EQ(limits.capacity, 7u);
  EXPECT_EQ(limits.per_key, 3u);
  EXPECT_EQ(limits.batch, 5u);
  EXPECT_EQ(limits.wait, absl::Milliseconds(20));
}

}  // namespace
}  // namespace otpgate
