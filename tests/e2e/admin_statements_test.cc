// The documented SQL statements of admins, word for word, beside a running service.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

#include "tests/e2e/deployment.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::e2e {
namespace {

constexpr char kPending[] =
    "SELECT email, user_type, created_at, expires_at FROM signup_otps WHERE expires_at > NOW() AND "
    "is_verified = FALSE;";
constexpr char kVerified[] =
    "SELECT email, user_type, verified_at FROM signup_otps WHERE is_verified = TRUE ORDER BY "
    "verified_at DESC;";
constexpr char kDeleteExpired[] = "DELETE FROM signup_otps WHERE expires_at <= NOW();";

class AdminStatementsTest : public ::testing::Test {
 protected:
  Deployment::Options Options() {
    return {.servers = 1,
            .flags = {"--enable_rate_limit=false", "--engine.workers=1",
                      "--database.health_interval=1m"},
            .prepare = {},
            .connection = [this](const support::TestDatabase& database, int) {
              return database.Via(proxy_.port(), support::PgRole::kApp);
            }};
  }

  support::Answer<v1::RequestOtpResponse> Ask(const std::string& identifier,
                                              v1::UserType type = v1::USER_TYPE_LIVE) {
    auto asked = deployment_.client().RequestOtp(
        support::CodeRequest{.identifier = identifier, .user_type = type});
    EXPECT_TRUE(asked.ok()) << asked.message;
    return asked;
  }
  support::Answer<v1::VerifyOtpResponse> Verify(
      const support::Answer<v1::RequestOtpResponse>& asked) {
    return deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  }
  pg::Rows Query(const std::string& sql, support::PgRole role = support::PgRole::kReadonly) {
    return deployment_.database().Query(sql, role);
  }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }

  // Runs `call`, and runs `by_hand` between the load and the write of its rows.
  void BetweenLoadAndWrite(const std::function<void()>& call,
                           const std::function<void()>& by_hand) {
    const auto write = proxy_.Add(
        {.action = support::ProxyAction::kHold, .match = support::Holds("write_subjects")});
    std::thread caller(call);
    EXPECT_TRUE(write->WaitFired());
    by_hand();
    write->Release();
    caller.join();
  }

  support::TcpProxy proxy_{support::SharedPgCluster().SocketPath(), support::Framing::kPostgres};
  Deployment deployment_{Options()};
};

TEST_F(AdminStatementsTest, PendingAndVerifiedCodesAreListed) {
  Ask("pending@example.com");
  Ask("pending@example.com", v1::USER_TYPE_DEMO);
  Ask("+14155550123");
  ASSERT_TRUE(Verify(Ask("first@example.com")).ok());
  ASSERT_TRUE(Verify(Ask("second@example.com")).ok());
  Ask("expired@example.com");
  Query("UPDATE signup_otps SET expires_at = now() WHERE email = 'expired@example.com'",
        support::PgRole::kSuperuser);

  const pg::Rows pending = Query(kPending);
  ASSERT_EQ(pending.size(), 3u);
  int live = 0, demo = 0, phone = 0;
  for (const auto& row : pending) {
    live += row[0] == "pending@example.com" && row[1] == "live";
    demo += row[0] == "pending@example.com" && row[1] == "demo";
    phone += row[0].empty();
    EXPECT_LT(row[2], row[3]) << "created before it expires";
  }
  EXPECT_TRUE(live == 1 && demo == 1 && phone == 1);

  const pg::Rows verified = Query(kVerified);
  ASSERT_EQ(verified.size(), 2u);
  EXPECT_EQ(verified[0][0], "second@example.com");
  EXPECT_EQ(verified[1][0], "first@example.com");
  EXPECT_GT(verified[0][2], verified[1][2]);
}

TEST_F(AdminStatementsTest, DeletingExpiredCodesByHandLeavesTheLivingOnes) {
  const auto living = Ask("living@example.com");
  const auto expired = Ask("expired@example.com");
  Query("UPDATE signup_otps SET expires_at = now() WHERE email = 'expired@example.com'",
        support::PgRole::kSuperuser);
  Query(kDeleteExpired, support::PgRole::kOwner);
  EXPECT_EQ(Value("SELECT string_agg(email, ' ') FROM signup_otps"), "living@example.com");
  EXPECT_EQ(Verify(expired).reason, "OTP_INVALID");
  EXPECT_TRUE(Verify(living).ok());
  EXPECT_TRUE(Verify(Ask("expired@example.com")).ok());
}

// The row of the code is deleted between load and write; the written state is consistent.
TEST_F(AdminStatementsTest, B2_ADeletedCodeSignsInOnceAtMost) {
  for (const char* by_hand : {kDeleteExpired, "DELETE FROM signup_otps"}) {
    const std::string person = by_hand == kDeleteExpired ? "one@example.com" : "two@example.com";
    const auto asked = Ask(person);
    support::Answer<v1::VerifyOtpResponse> answer;
    BetweenLoadAndWrite([&] { answer = Verify(asked); },
                        [&] { Query(by_hand, support::PgRole::kOwner); });
    EXPECT_TRUE(answer.ok()) << answer.message;
    EXPECT_EQ(Verify(asked).reason, "OTP_INVALID");
  }
  EXPECT_EQ(Value("SELECT count(*) FROM sessions"), "2");
}

TEST_F(AdminStatementsTest, B4_AGuessAtADeletedCodeIsCounted) {
  const auto asked = Ask("one@example.com");
  support::Answer<v1::VerifyOtpResponse> guess;
  BetweenLoadAndWrite(
      [&] {
        guess = deployment_.client().VerifyOtp(asked.reply.handle(),
                                               support::WrongCode(asked.reply.development_code()));
      },
      [&] { Query("DELETE FROM signup_otps", support::PgRole::kOwner); });
  EXPECT_EQ(guess.attempts_remaining, 4);
  EXPECT_EQ(Value("SELECT failures FROM subjects"), "1");
  EXPECT_EQ(Value("SELECT attempts FROM signup_otps"), "1");
}

TEST_F(AdminStatementsTest, ACodeAskedForWhileTheOldOneIsDeletedWorks) {
  Ask("one@example.com");
  support::Answer<v1::RequestOtpResponse> asked;
  BetweenLoadAndWrite([&] { asked = Ask("one@example.com"); },
                      [&] { Query("DELETE FROM signup_otps", support::PgRole::kOwner); });
  EXPECT_TRUE(Verify(asked).ok());
}

}  // namespace
}  // namespace otpgate::e2e
