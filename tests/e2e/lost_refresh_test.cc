// Refreshes whose exchange is cut at every byte, and whose server is killed: retried with the same
// request_id, nobody is signed out and there is one successor.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

constexpr int kBytesMax = 8'000;  // of one exchange, in one direction
constexpr int kMessagesMax = 60;

class LostRefreshTest : public ::testing::Test {
 protected:
  // Server 0 reaches its database through the proxy; server 1 does not.
  Deployment::Options Options() {
    return {.servers = 2,
            .flags = {"--enable_rate_limit=false", "--engine.workers=1",
                      "--database.health_interval=1m", "--secrets.reload_interval=1m"},
            .prepare = {},
            .connection = [this](const TestDatabase& database, int server) {
              return server == 0 ? database.Via(to_database_.port(), PgRole::kApp)
                                 : database.Socket(PgRole::kApp);
            }};
  }

  void SetUp() override {
    const auto asked = deployment_.client(1).RequestOtp("test@example.com");
    const auto verified =
        deployment_.client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    ASSERT_TRUE(verified.ok()) << verified.message;
    token_ = verified.reply.refresh_token();
  }

  // One refresh over whatever way, and its retry by another; the family goes on.
  void RefreshAndRetry(AuthClient& client) {
    const CallOptions id{
        .request_id = absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + ++generation_)};
    const auto first = client.RefreshToken(token_, id);
    ASSERT_TRUE(first.ok() || first.reason.empty() || first.reason == "UNAVAILABLE" ||
                first.reason == "OUTCOME_UNKNOWN")
        << first.reason << " " << first.message;
    Retry(first, id);
  }
  void Retry(const Answer<v1::RefreshTokenResponse>& first, const CallOptions& id) {
    const auto again = deployment_.client(1).RefreshToken(token_, id);
    ASSERT_TRUE(again.ok()) << again.reason << " " << again.message;
    if (first.ok()) {
      EXPECT_EQ(first.reply.refresh_token(), again.reply.refresh_token());
      EXPECT_EQ(UpToSignature(first.reply.access_token()),
                UpToSignature(again.reply.access_token()));
    }
    token_ = again.reply.refresh_token();
  }

  // Two ECDSA signatures of the same claims differ.
  static std::string UpToSignature(const std::string& token) {
    return token.substr(0, token.rfind('.'));
  }

  void TearDown() override {
    EXPECT_EQ(deployment_.database().Value("SELECT generation || ' ' || (revoked_at IS NULL)"
                                           " FROM sessions"),
              absl::StrCat(generation_, " true"));
  }

  TcpProxy to_database_{SharedPgCluster().SocketPath(), Framing::kPostgres};
  Deployment deployment_{Options()};
  std::string token_;
  int generation_ = 0;
};

TEST_F(LostRefreshTest, F4_G1_CutAtEveryByteOfTheExchange) {
  TcpProxy proxy(absl::StrCat(deployment_.server(0).port()), Framing::kSingleBytes);
  for (const Direction direction : {Direction::kToClient, Direction::kToServer}) {
    // Every byte in long runs; the steps share no factor with the sizes of headers.
    const int step = Trials(1) > 1 ? 1 : direction == Direction::kToClient ? 3 : 11;
    int offset = 1;
    bool cut = true;
    for (; cut && offset < kBytesMax; offset += step) {
      const auto rule =
          proxy.Add({.direction = direction, .action = ProxyAction::kCut, .number = offset});
      AuthClient client(proxy.port());
      RefreshAndRetry(client);
      cut = rule->Disarm();
      if (HasFailure()) return;
    }
    EXPECT_GT(offset, 200);
    EXPECT_LT(offset, kBytesMax);
  }
}

TEST_F(LostRefreshTest, F4_G1_I6_ItsDatabaseLostAtEveryMessage) {
  for (const ProxyAction action : {ProxyAction::kCut, ProxyAction::kForwardThenCut}) {
    for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
      int number = 0;
      bool cut = true;
      while (cut && number < kMessagesMax) {
        RefreshAndRetry(deployment_.client(0));  // connects
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
    RefreshAndRetry(deployment_.client(0));  // connects
    const auto rule = to_database_.Add({.action = ProxyAction::kHold, .number = ++number});
    const CallOptions id{
        .request_id = absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + ++generation_),
        .deadline = absl::Seconds(5)};
    std::atomic<bool> ended = false;
    Answer<v1::RefreshTokenResponse> first;
    std::thread caller([&] {
      first = deployment_.client(0).RefreshToken(token_, id);
      ended = true;
    });
    while (!rule->fired() && !ended) std::this_thread::yield();
    killed = rule->Disarm();
    if (killed) deployment_.server(0).Signal(SIGKILL);
    rule->Release();
    caller.join();
    if (killed) deployment_.Replace(0);
    Retry(first, id);
    if (HasFailure()) return;
  }
  EXPECT_GT(number, 2);
  EXPECT_LT(number, kMessagesMax);
}

}  // namespace
}  // namespace otpgate::testing
