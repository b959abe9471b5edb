// Two servers on one database, as behind a load balancer, at every isolation level.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

class TwoServersTest : public ::testing::TestWithParam<const char*> {
 protected:
  static Deployment::Options AtLevel(const std::string& level) {
    return {.servers = 2,
            .flags = {"--enable_rate_limit=false"},
            .prepare = [level](const support::TestDatabase& database) {
              database.Query(absl::StrCat("ALTER DATABASE ", database.name(),
                                          " SET default_transaction_isolation = '", level, "'"));
            }};
  }

  support::Answer<v1::RequestOtpResponse> Ask(int64_t trial) {
    auto asked = deployment_.client(static_cast<int>(trial))
                     .RequestOtp(absl::StrCat("p", trial, "@example.com"));
    EXPECT_TRUE(asked.ok()) << asked.message;
    return asked;
  }

  std::string AttemptsOf(int64_t trial) const {
    return deployment_.database().Value(absl::StrCat(
        "SELECT attempts FROM signup_otps WHERE identifier = 'p", trial, "@example.com'"));
  }

  Deployment deployment_{AtLevel(GetParam())};
};

TEST_P(TwoServersTest, B2_B14_OneOfManyConcurrentRightCodesWins) {
  const int64_t trials = support::Trials(60);
  constexpr int kContenders = 64;
  for (int64_t trial = 0; trial < trials; ++trial) {
    const auto asked = Ask(trial);
    std::atomic<int> signed_in = 0;
    std::atomic<int> refused = 0;
    support::Contend(kContenders, [&](int i) {
      const auto answer =
          deployment_.client(i).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
      signed_in += answer.ok();
      // CONFLICT: lost every round to the other server.
      refused += answer.reason == "OTP_INVALID" || answer.reason == "CONFLICT";
    });
    ASSERT_EQ(signed_in, 1);
    ASSERT_EQ(refused, kContenders - 1);
  }
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM sessions"), absl::StrCat(trials));
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM users"), absl::StrCat(trials));
}

// Every evaluated guess returns a different number of remaining attempts.
TEST_P(TwoServersTest, B4_B14_NoMoreGuessesAreEvaluatedThanAllowed) {
  constexpr int kContenders = 32;
  constexpr int kAllowed = 5;
  for (int64_t trial = 0; trial < support::Trials(40); ++trial) {
    const auto asked = Ask(trial);
    const std::string& code = asked.reply.development_code();
    std::atomic<int> told[kAllowed] = {};  // guesses by remaining attempts
    std::atomic<int> conflicts = 0;
    const auto guess = [&](int i) {
      const auto answer =
          deployment_.client(i).VerifyOtp(asked.reply.handle(), support::WrongCode(code, i));
      if (answer.reason == "CONFLICT") {
        ++conflicts;  // lost every round, so not evaluated
      } else {
        ++told[answer.attempts_remaining.value()];
      }
    };
    support::Contend(kContenders, guess);
    for (int i = 0; i < kAllowed; ++i) guess(kContenders + i);
    for (int remaining = 1; remaining < kAllowed; ++remaining) ASSERT_EQ(told[remaining], 1);
    ASSERT_EQ(told[0] + conflicts, kContenders + 1);
    ASSERT_EQ(AttemptsOf(trial), absl::StrCat(kAllowed));
    ASSERT_EQ(deployment_.client(1).VerifyOtp(asked.reply.handle(), code).reason, "OTP_INVALID");
  }
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM sessions"), "0");
  EXPECT_EQ(deployment_.database().Value("SELECT min(failures) || ' ' || max(failures)"
                                         " FROM subjects"),
            "5 5");
}

TEST_P(TwoServersTest, G3_OneOfManyConcurrentCallsWithOneRequestIdIsCarriedOut) {
  constexpr int kContenders = 32;
  for (int64_t trial = 0; trial < support::Trials(30); ++trial) {
    const auto asked = Ask(trial);
    const support::CallOptions options{
        .request_id = absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + trial)};
    std::vector<support::Answer<v1::VerifyOtpResponse>> answers(kContenders);
    support::Contend(kContenders, [&](int i) {
      answers[i] = deployment_.client(i).VerifyOtp(asked.reply.handle(),
                                                   asked.reply.development_code(), options);
    });
    std::string refresh_token;
    for (const auto& answer : answers) {
      if (answer.reason == "CONFLICT") continue;
      ASSERT_TRUE(answer.ok()) << answer.message << " " << answer.reason;
      if (refresh_token.empty()) refresh_token = answer.reply.refresh_token();
      ASSERT_EQ(answer.reply.refresh_token(), refresh_token);
    }
    ASSERT_FALSE(refresh_token.empty());
  }
  EXPECT_EQ(deployment_.database().Value("SELECT count(*) FROM sessions"),
            absl::StrCat(support::Trials(30)));
}

std::string LevelName(const ::testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (c == ' ') c = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Levels, TwoServersTest,
                         ::testing::Values("read committed", "repeatable read", "serializable"),
                         LevelName);

}  // namespace
}  // namespace otpgate::e2e
