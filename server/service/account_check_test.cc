#include "server/service/account_check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "base/crypto/base64url.h"
#include "base/crypto/test_claims.h"
#include "server/service/failures.h"
#include "tests/support/fake_clock.h"

namespace otpgate::service {
namespace {

using crypto::TestClaims;
using support::FakeClock;

// Finds every account as its token says, with a clock of its own.
class AllAreActive final : public engine::Runner<domain::AccountRules> {
 public:
  explicit AllAreActive(const Clock& clock) : clock_(clock) {}

  void Run(engine::PendingList<domain::AccountRules> taken) override {
    for (engine::Pending<domain::AccountRules>& command : taken) {
      domain::BearerReply reply;
      reply.untimely = command.command.expires_at <= clock_.Now();
      reply.active = !reply.untimely;
      command.answer(reply);
    }
  }

 private:
  const Clock& clock_;
};

// An answer, and the thread on which it came.
struct Heard {
  absl::Notification told;
  std::optional<errors::Outcome<std::optional<InspectedToken>>> outcome;
  std::thread::id thread;

  bool Await() { return told.WaitForNotificationWithTimeout(absl::Minutes(1)); }
  // Empty for a token that was inspected.
  errors::Failure failure() const { return *outcome ? errors::Failure{} : outcome->error(); }
  bool active() const { return outcome->value()->bearer.active; }
};

// The only thread that verifies signatures is blocked until `go_on_`.
class AccountCheckTest : public ::testing::Test {
 protected:
  static constexpr size_t kFull = 2;

  AccountCheckTest() {
    keys_.Set(std::make_shared<const SigningKeyset>(key_, std::vector{key_.public_key()}));
    absl::Notification busy;
    executor_.Post([&] {
      busy.Notify();
      go_on_.WaitForNotification();
    });
    busy.WaitForNotification();
  }
  ~AccountCheckTest() override {
    if (!go_on_.HasBeenNotified()) go_on_.Notify();
  }

  // The n-th of many different tokens.
  std::string Token(size_t n = 0) const {
    crypto::AccessClaims claims = crypto::TestClaims(clock_.Now());
    claims.sub = claims.sid = crypto::Base64UrlEncode(std::string(UserId::kBytes, 'i'));
    claims.jti = absl::StrCat(n);
    return crypto::SignAccessToken(key_, claims);
  }
  std::shared_ptr<Heard> Inspect(const std::string& token,
                                 const engine::Cancellation& cancellation = {}) {
    auto heard = std::make_shared<Heard>();
    runtime::Spawn(check_.Inspect(token, cancellation),
                   [h = heard](const errors::Outcome<std::optional<InspectedToken>>& outcome) {
                     h->outcome = outcome;
                     h->thread = std::this_thread::get_id();
                     h->told.Notify();
                   });
    return heard;
  }

  const crypto::SigningKey key_ = crypto::SigningKey::Generate();
  support::FakeClock clock_;
  support::FakeClock stores_clock_;
  CurrentKeyset keys_;
  const TokenIssuer tokens_{
      {.issuer = "otpgate", .live_audiences = {"otpgate"}, .demo_audiences = {}}, &keys_, nullptr};
  engine::Engine<domain::AccountRules> engine_{
      1, {}, clock_, [this](const engine::Pause&) {
        return std::make_unique<AllAreActive>(stores_clock_);
      }};
  absl::Notification go_on_;
  runtime::Executor executor_{/*threads=*/1, kFull};
  const AccountCheck check_{&tokens_, &engine_, &executor_, &clock_};
};

TEST_F(AccountCheckTest, ATokenSeenBeforeWaitsForNoSignature) {
  const std::string token = Token();
  ASSERT_TRUE(tokens_.Verify(token).ok());
  const auto heard = Inspect(token);
  ASSERT_TRUE(heard->Await());
  EXPECT_TRUE(heard->active());
}

TEST_F(AccountCheckTest, I11_TheStoresClockTellsWhetherATokenHasExpired) {
  const std::string token = Token();
  ASSERT_TRUE(tokens_.Verify(token).ok());
  clock_.Advance(absl::Hours(24));
  const auto good = Inspect(token);
  ASSERT_TRUE(good->Await());
  EXPECT_TRUE(good->active());
  stores_clock_.Advance(absl::Hours(24));
  const auto expired = Inspect(token);
  ASSERT_TRUE(expired->Await());
  EXPECT_EQ(expired->outcome->value(), std::nullopt);
}

TEST_F(AccountCheckTest, AnotherThreadVerifiesANewToken) {
  const auto right = Inspect(Token(1));
  const auto forged = Inspect(Token(2) + "A");
  EXPECT_FALSE(right->told.HasBeenNotified() || forged->told.HasBeenNotified());
  go_on_.Notify();
  ASSERT_TRUE(right->Await());
  ASSERT_TRUE(forged->Await());
  EXPECT_TRUE(right->active());
  EXPECT_EQ(forged->outcome->value(), std::nullopt);
  EXPECT_NE(forged->thread, std::this_thread::get_id());
}

TEST_F(AccountCheckTest, I8_TooManyNewTokensAreRefusedAtOnceWithAHint) {
  std::vector<std::shared_ptr<Heard>> waiting;
  for (size_t i = 0; i < kFull; ++i) waiting.push_back(Inspect(Token(i)));
  const auto refused = Inspect(Token(kFull));
  ASSERT_TRUE(refused->told.HasBeenNotified());
  EXPECT_EQ(refused->failure().reason, errors::Reason::kOverloaded);
  EXPECT_EQ(refused->failure().retry_after, kRetrySoon);
  bool to_revoke_was_refused = false;
  runtime::Spawn(
      check_.ReadToRevoke(Token(), {}), [&](const errors::Outcome<TokenIssuer::Claims>& outcome) {
        to_revoke_was_refused = !outcome && outcome.error().reason == errors::Reason::kOverloaded;
      });
  EXPECT_TRUE(to_revoke_was_refused);
  go_on_.Notify();
  for (const auto& heard : waiting) {
    ASSERT_TRUE(heard->Await());
    EXPECT_TRUE(heard->active());
  }
  const auto again = Inspect(Token(kFull));
  ASSERT_TRUE(again->Await());
  EXPECT_TRUE(again->active()) << "it recovers by itself";
}

TEST_F(AccountCheckTest, NothingIsVerifiedForACallThatIsOver) {
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  const std::string tokens[] = {Token(1), Token(2)};
  const auto gone =
      Inspect(tokens[0], {.deadline = absl::InfiniteDuration(), .cancelled = cancelled});
  const auto late =
      Inspect(tokens[1], {.deadline = clock_.Steady() + absl::Seconds(1), .cancelled = {}});
  cancelled->store(true);
  clock_.Advance(absl::Seconds(1));
  go_on_.Notify();
  for (const auto& heard : {gone, late}) {
    ASSERT_TRUE(heard->Await());
    EXPECT_EQ(heard->failure().reason, errors::Reason::kDeadlineExceeded);
  }
  for (const std::string& token : tokens) {
    EXPECT_FALSE(tokens_.VerifyRemembered(token).has_value());
  }
}

}  // namespace
}  // namespace otpgate::service
