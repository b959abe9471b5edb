#include "server/domain/send_limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/subject_world.h"

namespace otpgate {
namespace {

using testing::SubjectWorld;

TEST(SendLimitsTest, D3_ThreeInFifteenMinutesThenExactlyWhenTheFirstLeaves) {
  SubjectWorld world({}, "test@example.com");
  const absl::Time first = world.now;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(world.Run(world.Request("111111")).ok());
    world.Advance(absl::Minutes(1));
  }
  const SubjectReply denied = world.Run(world.Request("111111"));
  EXPECT_EQ(denied.reason, Reason::kSendLimit);
  EXPECT_EQ(denied.quota, "sends_15m");
  EXPECT_EQ(world.now + *denied.retry_after, first + absl::Minutes(15));
  EXPECT_FALSE(world.changed);
  world.Advance(*denied.retry_after - absl::Microseconds(1));
  EXPECT_FALSE(world.Run(world.Request("111111")).ok());
  world.Advance(absl::Microseconds(1));
  EXPECT_TRUE(world.Run(world.Request("111111")).ok());
}

TEST(SendLimitsTest, PhonesAlsoThreeInThirtyMinutes) {
  SubjectWorld world;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(world.Run(world.Request("111111")).ok());
  world.Advance(absl::Minutes(29));
  EXPECT_EQ(world.Run(world.Request("111111")).quota, "phone_sends_30m");
  world.Advance(absl::Minutes(1));
  EXPECT_TRUE(world.Run(world.Request("111111")).ok());
}

TEST(SendLimitsTest, ResendHasACooldownAndAShareOfItsOwn) {
  SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  const SubjectReply early = world.Run(world.Resend(id, "222222"));
  EXPECT_EQ(early.reason, Reason::kResendCooldown);
  EXPECT_EQ(early.retry_after, absl::Seconds(30));
  for (int i = 0; i < 3; ++i) {
    world.Advance(absl::Seconds(30));
    EXPECT_TRUE(world.Run(world.Resend(id, "222222")).ok());
  }
  world.Advance(absl::Seconds(30));
  EXPECT_EQ(world.Run(world.Resend(id, "222222")).reason, Reason::kSendLimit);
}

// D3, C6: whatever the traffic, no window ever holds more than its limit.
TEST(SendLimitsTest, D3_NoTrueWindowHoldsMoreUnderConstantOverload) {
  SubjectWorld world;
  std::vector<absl::Time> sent;
  for (int i = 0; i < 3 * 24 * 60 * 4; ++i) {
    if (world.Run(world.Request("111111")).ok()) sent.push_back(world.now);
    world.Advance(absl::Seconds(15));
  }
  const auto most = [&](absl::Duration window) {
    size_t worst = 0;
    for (size_t i = 0; i < sent.size(); ++i) {
      worst = std::max(
          worst, static_cast<size_t>(std::count_if(sent.begin(), sent.end(), [&](absl::Time t) {
            return t >= sent[i] && t < sent[i] + window;
          })));
    }
    return worst;
  };
  EXPECT_EQ(most(absl::Minutes(15)), 3u);
  EXPECT_EQ(most(absl::Minutes(30)), 3u);
  EXPECT_EQ(most(absl::Hours(24)), 10u);
  EXPECT_EQ(sent.size(), 30u);  // and the refill still happens
}

TEST(SendLimitsTest, MemoryOfASubjectIsBounded) {
  SubjectWorld world;
  for (int i = 0; i < 1000; ++i) {
    world.Run(world.Request("111111"));
    world.Advance(absl::Hours(1));
  }
  EXPECT_LE(world.state.recent_sends.size(), 10u);
}

}  // namespace
}  // namespace otpgate
