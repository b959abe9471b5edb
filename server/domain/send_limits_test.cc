#include "server/domain/send_limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "server/domain/quotas.h"
#include "tests/support/subject_world.h"

namespace otpgate::domain {
namespace {

using support::SubjectWorld;

TEST(SendLimitsTest, D3_ThreeInFifteenMinutesThenExactlyWhenTheFirstLeaves) {
  support::SubjectWorld world({}, "test@example.com");
  const absl::Time first = world.now;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(world.Run(world.Request("111111")).ok());
    world.Advance(absl::Minutes(1));
  }
  const SubjectReply denied = world.Run(world.Request("111111"));
  EXPECT_EQ(denied.reason, errors::Reason::kSendLimit);
  EXPECT_EQ(denied.quota, "subject_sends");
  EXPECT_EQ(denied.quota_rate, (Rate{3, absl::Minutes(15)}));
  EXPECT_EQ(world.now + *denied.retry_after, first + absl::Minutes(15));
  EXPECT_FALSE(world.changed);
  world.Advance(*denied.retry_after - absl::Microseconds(1));
  EXPECT_FALSE(world.Run(world.Request("111111")).ok());
  world.Advance(absl::Microseconds(1));
  EXPECT_TRUE(world.Run(world.Request("111111")).ok());
}

TEST(SendLimitsTest, PhonesAlsoThreeInThirtyMinutes) {
  support::SubjectWorld world;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(world.Run(world.Request("111111")).ok());
  world.Advance(absl::Minutes(29));
  const SubjectReply denied = world.Run(world.Request("111111"));
  EXPECT_EQ(denied.quota, "phone_sends");
  EXPECT_EQ(denied.quota_rate, (Rate{3, absl::Minutes(30)}));
  world.Advance(absl::Minutes(1));
  EXPECT_TRUE(world.Run(world.Request("111111")).ok());
}

TEST(SendLimitsTest, ResendHasACooldownAndAShareOfItsOwn) {
  support::SubjectWorld world;
  const OtpId id = world.Run(world.Request("111111")).otp_id;
  const SubjectReply early = world.Run(world.Resend(id, "222222"));
  EXPECT_EQ(early.reason, errors::Reason::kResendCooldown);
  EXPECT_EQ(early.quota, "resend_cooldown");
  EXPECT_EQ(early.quota_rate, (Rate{1, absl::Seconds(30)}));
  EXPECT_EQ(early.retry_after, absl::Seconds(30));
  for (int i = 0; i < 3; ++i) {
    world.Advance(absl::Seconds(30));
    EXPECT_TRUE(world.Run(world.Resend(id, "222222")).ok());
  }
  world.Advance(absl::Seconds(30));
  EXPECT_EQ(world.Run(world.Resend(id, "222222")).reason, errors::Reason::kSendLimit);
}

TEST(SendLimitsTest, EveryRefusalNamesItsQuota) {
  const auto refused_by = [](void (*tighten)(OtpPolicy&)) {
    OtpPolicy policy;
    policy.resend_cooldown = absl::ZeroDuration();
    tighten(policy);
    support::SubjectWorld world(policy, "test@example.com");
    const OtpId id = world.Run(world.Request("111111")).otp_id;
    SubjectReply reply = world.Run(world.Resend(id, "222222"));
    if (reply.ok()) reply = world.Run(world.Resend(id, "333333"));
    EXPECT_EQ(reply.reason, errors::Reason::kSendLimit);
    EXPECT_EQ(std::count(std::begin(kQuotas), std::end(kQuotas), reply.quota), 1) << reply.quota;
    EXPECT_EQ(reply.quota_rate.count, 1) << reply.quota;
    return reply.quota;
  };
  EXPECT_EQ(refused_by([](OtpPolicy& p) { p.resends.count = 1; }), "subject_resends");
  EXPECT_EQ(refused_by([](OtpPolicy& p) { p.resends_per_code = 1; }), "resends_per_code");
  EXPECT_EQ(refused_by([](OtpPolicy& p) { p.daily.count = 1; }), "messages_24h");
}

// D3, C6: whatever the traffic, no window ever holds more than its limit.
TEST(SendLimitsTest, D3_NoTrueWindowHoldsMoreUnderConstantOverload) {
  support::SubjectWorld world;
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
  EXPECT_EQ(sent.size(), 30u);  // and permits came back
}

TEST(SendLimitsTest, MemoryOfASubjectIsBounded) {
  support::SubjectWorld world;
  for (int i = 0; i < 1000; ++i) {
    world.Run(world.Request("111111"));
    world.Advance(absl::Hours(1));
  }
  EXPECT_LE(world.state.recent_sends.size(), 10u);
}

}  // namespace
}  // namespace otpgate::domain
