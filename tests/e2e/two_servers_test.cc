// Two servers on one database, as behind a load balancer.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

constexpr int kContenders = 16;

class TwoServersTest : public ::testing::Test {
 protected:
  static Deployment::Options Unlimited() {
    return {.servers = 2, .flags = {"--enable_rate_limit=false"}};
  }
  static std::string Person(int64_t trial) { return absl::StrCat("p", trial, "@example.com"); }
};

TEST_F(TwoServersTest, B2_OneOfManyConcurrentRightCodesWins) {
  Deployment deployment(Unlimited());
  for (int64_t trial = 0; trial < Trials(100); ++trial) {
    const auto asked = deployment.client(0).RequestOtp(Person(trial));
    ASSERT_TRUE(asked.ok()) << asked.message;
    std::atomic<int> signed_in = 0;
    std::atomic<int> refused = 0;
    Contend(kContenders, [&](int i) {
      const auto answer =
          deployment.client(i).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
      signed_in += answer.ok();
      refused += answer.reason == "OTP_INVALID";
    });
    ASSERT_EQ(signed_in, 1);
    ASSERT_EQ(refused, kContenders - 1);
  }
  EXPECT_EQ(deployment.database().Value("SELECT count(*) FROM sessions"),
            absl::StrCat(Trials(100)));
}

}  // namespace
}  // namespace otpgate::testing
