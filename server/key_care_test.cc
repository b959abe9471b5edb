#include "server/key_care.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "server/auth/signing_key_rows.h"
#include "server/crypto/test_keyring.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate {
namespace {

// The table of signing keys. Thread-safe.
class Shelf {
 public:
  absl::StatusOr<SigningKeyList> List() {
    const absl::MutexLock lock(&mu_);
    ++looks_;
    if (away_) return absl::UnavailableError("away");
    return SigningKeyList{{key_}, key_.active_from};
  }
  void Put(const SigningKeyRow& key) {
    const absl::MutexLock lock(&mu_);
    key_ = key;
  }
  void SetAway(bool away) {
    const absl::MutexLock lock(&mu_);
    away_ = away;
  }
  // Returns when a look that began after the call has ended: the one after it has begun.
  void AwaitLook() {
    const absl::MutexLock lock(&mu_);
    const int seen = looks_;
    const auto again = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return looks_ >= seen + 2; };
    EXPECT_TRUE(mu_.AwaitWithTimeout(absl::Condition(&again), absl::Minutes(1)));
  }

 private:
  absl::Mutex mu_;
  int looks_ ABSL_GUARDED_BY(mu_) = 0;
  bool away_ ABSL_GUARDED_BY(mu_) = false;
  SigningKeyRow key_ ABSL_GUARDED_BY(mu_);
};

class KeysOnShelf final : public SigningKeys {
 public:
  explicit KeysOnShelf(Shelf* shelf) : shelf_(*shelf) {}
  absl::StatusOr<SigningKeyList> List() override { return shelf_.List(); }
  absl::StatusOr<SigningKeyList> Add(const SigningKeyRow& fresh) override {
    shelf_.Put(fresh);
    return shelf_.List();
  }

 private:
  Shelf& shelf_;
};

class KeyCareTest : public ::testing::Test {
 protected:
  KeyCareTest() { shelf_.Put(Fresh(secrets_.master)); }

  SigningKeyRow Fresh(const crypto::Keyring& master) {
    return NewSigningKey(SigningKeySealer(master), random_, clock_.Now(), clock_.Now());
  }
  std::string Kid() { return keys_.keyset()->Get()->active().kid(); }

  testing::SeededRandom random_{1};
  testing::FakeClock clock_;
  testing::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  Shelf shelf_;
  SecretFiles files_{SecretsConfig(), random_};
  const Secrets secrets_ = *files_.Read(clock_.Now());
  KeyCare keys_{{.clock = &clock_,
                 .random = &random_,
                 .log = &log_,
                 .rotate_signing_key = absl::Hours(24),
                 .interval = absl::Milliseconds(1)},
                std::move(files_),
                secrets_,
                std::make_unique<KeysOnShelf>(&shelf_)};
};

TEST_F(KeyCareTest, M4_TakesOverKeysWithoutBeingAsked) {
  ASSERT_OK(keys_.Begin());
  const std::string first = Kid();
  shelf_.Put(Fresh(secrets_.master));
  shelf_.AwaitLook();
  EXPECT_NE(Kid(), first);
  EXPECT_OK(keys_.health());
  keys_.Stop();
}

TEST_F(KeyCareTest, BeginsOnceTheStoreIsThere) {
  shelf_.SetAway(true);
  EXPECT_TRUE(absl::IsUnavailable(keys_.Begin()));
  EXPECT_TRUE(absl::IsUnavailable(keys_.health()));
  shelf_.SetAway(false);
  EXPECT_OK(keys_.Begin());
  EXPECT_OK(keys_.health());
}

TEST_F(KeyCareTest, WhileTheStoreIsAwayTheKeysOfBeforeAreGood) {
  ASSERT_OK(keys_.Begin());
  const std::string first = Kid();
  shelf_.SetAway(true);
  shelf_.AwaitLook();
  EXPECT_EQ(Kid(), first);
  EXPECT_OK(keys_.health());
}

TEST_F(KeyCareTest, M4_KeysThatCannotBeOpenedAreToldAndReplacedByThoseThatCan) {
  ASSERT_OK(keys_.Begin());
  shelf_.Put(Fresh(testing::TestKeyring("x")));
  shelf_.AwaitLook();
  EXPECT_EQ(keys_.keyset()->Get(), nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(keys_.health()));
  shelf_.Put(Fresh(secrets_.master));
  shelf_.AwaitLook();
  EXPECT_OK(keys_.health());
}

}  // namespace
}  // namespace otpgate
