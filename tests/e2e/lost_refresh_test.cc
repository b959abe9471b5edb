// Refreshes that are cut at every byte, or whose server is killed: retried with the same request_id
// they keep the user signed in, and the token has one successor.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/proxied_database_fixture.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

constexpr int kBytesMax = 8'000;  // of one exchange, in one direction
constexpr int kMessagesMax = 60;

class LostRefreshTest : public ProxiedDatabaseFixture {
 protected:
  void SetUp() override {
    const auto asked = deployment_.client(1).RequestOtp("test@example.com");
    const auto verified =
        deployment_.client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    ASSERT_TRUE(verified.ok()) << verified.message;
    token_ = verified.reply.refresh_token();
  }

  // Refreshes by `client`, retries at server 1 with the same request_id, and keeps the new token.
  void RefreshAndRetry(support::AuthClient& client) {
    const support::CallOptions id = NextRequestId();
    ++generation_;
    const auto first = client.RefreshToken(token_, id);
    ASSERT_TRUE(first.ok() || first.reason.empty() || first.reason == "UNAVAILABLE" ||
                first.reason == "OUTCOME_UNKNOWN")
        << first.reason << " " << first.message;
    Retry(first, id);
  }
  void Retry(const support::Answer<v1::RefreshTokenResponse>& first,
             const support::CallOptions& id) {
    const auto again = deployment_.client(1).RefreshToken(token_, id);
    ASSERT_TRUE(again.ok()) << again.reason << " " << again.message;
    if (first.ok()) {
      EXPECT_EQ(first.reply.refresh_token(), again.reply.refresh_token());
      EXPECT_EQ(UpToSignature(first.reply.access_token()),
                UpToSignature(again.reply.access_token()));
    }
    token_ = again.reply.refresh_token();
  }

  // Without the signature: two ECDSA signatures of the same claims differ.
  static std::string UpToSignature(const std::string& token) {
    return token.substr(0, token.rfind('.'));
  }

  void TearDown() override {
    EXPECT_EQ(deployment_.database().Value("SELECT generation || ' ' || (revoked_at IS NULL)"
                                           " FROM sessions"),
              absl::StrCat(generation_, " true"));
  }

  std::string token_;
  int generation_ = 0;
};

TEST_F(LostRefreshTest, F4_G1_CutAtEveryByteOfTheExchange) {
  support::TcpProxy proxy(absl::StrCat(deployment_.server(0).port()),
                          support::Framing::kSingleBytes);
  for (const support::Direction direction :
       {support::Direction::kToClient, support::Direction::kToServer}) {
    // Every byte in long runs; the other steps have no factor in common with header sizes.
    const int step = support::Trials(1) > 1                       ? 1
                     : direction == support::Direction::kToClient ? 3
                                                                  : 11;
    int offset = 1;
    bool cut = true;
    for (; cut && offset < kBytesMax; offset += step) {
      const auto rule = proxy.Add(
          {.direction = direction, .action = support::ProxyAction::kCut, .number = offset});
      support::AuthClient client(proxy.port());
      RefreshAndRetry(client);
      cut = rule->Disarm();
      if (HasFailure()) return;
    }
    EXPECT_GT(offset, 200);
    EXPECT_LT(offset, kBytesMax);
  }
}

TEST_F(LostRefreshTest, F4_G1_I6_ItsDatabaseLostAtEveryMessage) {
  for (const support::ProxyAction action :
       {support::ProxyAction::kCut, support::ProxyAction::kForwardThenCut}) {
    for (const support::Direction direction :
         {support::Direction::kToServer, support::Direction::kToClient}) {
      int number = 0;
      bool cut = true;
      while (cut && number < kMessagesMax) {
        RefreshAndRetry(deployment_.client(0));  // connects server 0
        const auto rule =
            to_database_.Add({.direction = direction, .action = action, .number = ++number});
        RefreshAndRetry(deployment_.client(0));
        cut = rule->Disarm();
        if (HasFailure()) return;
      }
      EXPECT_GT(number, 2);
      EXPECT_LT(number, kMessagesMax);
    }
  }
}

TEST_F(LostRefreshTest, F5_G5_ItsServerKilledAtEveryMessage) {
  int number = 0;
  bool killed = true;
  while (killed && number < kMessagesMax) {
    RefreshAndRetry(deployment_.client(0));  // connects server 0
    support::CallOptions id = NextRequestId();
    id.deadline = absl::Seconds(5);
    ++generation_;
    support::Answer<v1::RefreshTokenResponse> first;
    killed =
        KillAtMessage(++number, [&] { first = deployment_.client(0).RefreshToken(token_, id); });
    Retry(first, id);
    if (HasFailure()) return;
  }
  EXPECT_GT(number, 2);
  EXPECT_LT(number, kMessagesMax);
}

}  // namespace
}  // namespace otpgate::e2e
