#include "server/app/key_manager.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "server/keys/test_keyring.h"
#include "server/service/signing_key_rows.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::app {
namespace {

// A fake table of signing keys. Thread-safe.
class FakeKeyTable {
 public:
  absl::StatusOr<storage::SigningKeyList> List() {
    const absl::MutexLock lock(&mu_);
    ++reloads_;
    if (away_) return absl::UnavailableError("away");
    return storage::SigningKeyList{{key_}, key_.active_from};
  }
  void Put(const storage::SigningKeyRow& key) {
    const absl::MutexLock lock(&mu_);
    key_ = key;
  }
  void SetAway(bool away) {
    const absl::MutexLock lock(&mu_);
    away_ = away;
  }
  // Waits for the end of a reload that began after the call, that is until the next one begins.
  void AwaitReload() {
    const absl::MutexLock lock(&mu_);
    const int seen = reloads_;
    const auto again = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return reloads_ >= seen + 2; };
    EXPECT_TRUE(mu_.AwaitWithTimeout(absl::Condition(&again), absl::Minutes(1)));
  }

 private:
  absl::Mutex mu_;
  int reloads_ ABSL_GUARDED_BY(mu_) = 0;
  bool away_ ABSL_GUARDED_BY(mu_) = false;
  storage::SigningKeyRow key_ ABSL_GUARDED_BY(mu_);
};

class FakeSigningKeys final : public storage::SigningKeys {
 public:
  explicit FakeSigningKeys(FakeKeyTable* table) : table_(*table) {}
  absl::StatusOr<storage::SigningKeyList> List() override { return table_.List(); }
  absl::StatusOr<storage::SigningKeyList> Add(const storage::SigningKeyRow& fresh) override {
    table_.Put(fresh);
    return table_.List();
  }

 private:
  FakeKeyTable& table_;
};

class KeyManagerTest : public ::testing::Test {
 protected:
  KeyManagerTest() { table_.Put(Fresh(secrets_.master)); }

  storage::SigningKeyRow Fresh(const keys::Keyring& master) {
    return service::NewSigningKey(service::SigningKeySealer(master), random_, clock_.Now(),
                                  clock_.Now());
  }
  std::string Kid() { return keys_.keyset()->Get()->active().kid(); }

  support::SeededRandom random_{1};
  support::FakeClock clock_;
  support::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  FakeKeyTable table_;
  SecretFiles files_{config::SecretsConfig(), random_};
  const Secrets secrets_ = *files_.Read(clock_.Now());
  KeyManager keys_{{.clock = &clock_,
                    .random = &random_,
                    .log = &log_,
                    .rotate_signing_key = absl::Hours(24),
                    .interval = absl::Milliseconds(1)},
                   std::move(files_),
                   secrets_,
                   std::make_unique<FakeSigningKeys>(&table_)};
};

TEST_F(KeyManagerTest, M4_TakesOverKeysWithoutBeingAsked) {
  ASSERT_OK(keys_.Begin());
  const std::string first = Kid();
  table_.Put(Fresh(secrets_.master));
  table_.AwaitReload();
  EXPECT_NE(Kid(), first);
  EXPECT_OK(keys_.health());
  keys_.Stop();
}

TEST_F(KeyManagerTest, BeginsOnceTheStoreIsThere) {
  table_.SetAway(true);
  EXPECT_TRUE(absl::IsUnavailable(keys_.Begin()));
  EXPECT_TRUE(absl::IsUnavailable(keys_.health()));
  table_.SetAway(false);
  EXPECT_OK(keys_.Begin());
  EXPECT_OK(keys_.health());
}

TEST_F(KeyManagerTest, WhileTheStoreIsAwayTheKeysOfBeforeAreGood) {
  ASSERT_OK(keys_.Begin());
  const std::string first = Kid();
  table_.SetAway(true);
  table_.AwaitReload();
  EXPECT_EQ(Kid(), first);
  EXPECT_OK(keys_.health());
}

TEST_F(KeyManagerTest, M4_KeysThatCannotBeOpenedAreToldAndReplacedByThoseThatCan) {
  ASSERT_OK(keys_.Begin());
  table_.Put(Fresh(keys::TestKeyring("x")));
  table_.AwaitReload();
  EXPECT_EQ(keys_.keyset()->Get(), nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(keys_.health()));
  table_.Put(Fresh(secrets_.master));
  table_.AwaitReload();
  EXPECT_OK(keys_.health());
}

}  // namespace
}  // namespace otpgate::app
