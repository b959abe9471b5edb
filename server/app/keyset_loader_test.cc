#include "server/app/keyset_loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::app {
namespace {

using support::SeededRandom;

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);
constexpr absl::Duration kEvery = absl::Hours(24 * 90);

class FakeKeys final : public storage::SigningKeys {
 public:
  absl::StatusOr<storage::SigningKeyList> List() override {
    if (away) return absl::UnavailableError("away");
    return storage::SigningKeyList{keys, now};
  }
  absl::StatusOr<storage::SigningKeyList> Add(const storage::SigningKeyRow& fresh) override {
    keys.push_back(fresh);
    std::sort(keys.begin(), keys.end(),
              [](const storage::SigningKeyRow& a, const storage::SigningKeyRow& b) {
                return a.active_from > b.active_from;
              });
    return List();
  }

  std::vector<storage::SigningKeyRow> keys;
  absl::Time now = kStart;
  bool away = false;
};

class KeysetLoaderTest : public ::testing::Test {
 protected:
  std::shared_ptr<const service::SigningKeyset> Load() {
    const auto keyset = LoadKeyset(keys_, sealer_, random_, kEvery);
    EXPECT_OK(keyset);
    return keyset.ok() ? *keyset : nullptr;
  }
  static bool Publishes(const service::SigningKeyset& keyset, const std::string& kid) {
    return keyset.Find(kid) != nullptr;
  }

  support::SeededRandom random_{1};
  const keys::Sealer sealer_ =
      service::SigningKeySealer(*keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k1")));
  FakeKeys keys_;
};

TEST_F(KeysetLoaderTest, TheFirstKeyIsMadeOnceAndSigns) {
  const std::string kid = Load()->active().kid();
  EXPECT_EQ(Load()->active().kid(), kid);
  EXPECT_EQ(keys_.keys.size(), 1u);
}

TEST_F(KeysetLoaderTest, E9_TheNextKeyIsPublishedBeforeItSignsAndTheOldOneAfter) {
  const std::string first = Load()->active().kid();
  keys_.now = kStart + kEvery;
  const auto ahead = Load();
  ASSERT_EQ(keys_.keys.size(), 2u);
  const std::string second = keys_.keys[0].kid;
  const absl::Time takes_over = keys_.keys[0].active_from;
  EXPECT_GE(takes_over - keys_.now, service::kPublishedAhead);
  EXPECT_LE(takes_over - keys_.now, service::kPublishedAhead + absl::Hours(1));
  EXPECT_EQ(ahead->active().kid(), first);
  EXPECT_TRUE(Publishes(*ahead, first) && Publishes(*ahead, second));

  keys_.now = takes_over - absl::Microseconds(1);
  EXPECT_EQ(Load()->active().kid(), first);
  keys_.now = takes_over;
  EXPECT_EQ(Load()->active().kid(), second);
  keys_.now = takes_over + service::kPublishedAfter - absl::Microseconds(1);
  EXPECT_TRUE(Publishes(*Load(), first));
  keys_.now = takes_over + service::kPublishedAfter;
  EXPECT_FALSE(Publishes(*Load(), first));
  EXPECT_EQ(keys_.keys.size(), 2u) << "made once";
}

TEST_F(KeysetLoaderTest, M4_ARevokedKeyIsReplacedAtOnce) {
  const std::string first = Load()->active().kid();
  keys_.keys[0].revoked = true;
  const auto after = Load();
  EXPECT_NE(after->active().kid(), first);
  EXPECT_FALSE(Publishes(*after, first));
  EXPECT_EQ(keys_.keys[0].active_from, keys_.keys[1].active_from + absl::Microseconds(1))
      << "the same on all servers, so that one is made";
}

TEST_F(KeysetLoaderTest, BehindARevokedKeyTheOneBeforeTakesOverWhileItIsStillPublished) {
  const std::string first = Load()->active().kid();
  ASSERT_OK(keys_.Add(service::NewSigningKey(sealer_, random_, kStart, kStart)));
  EXPECT_NE(Load()->active().kid(), first);
  keys_.keys[0].revoked = true;
  keys_.now = kStart + service::kPublishedAfter - absl::Microseconds(1);
  EXPECT_EQ(Load()->active().kid(), first);
  keys_.now = kStart + service::kPublishedAfter;
  const auto after = Load();
  EXPECT_NE(after->active().kid(), first) << "nobody has that one any more";
  EXPECT_FALSE(Publishes(*after, first));
  EXPECT_NE(after->FindToRevoke(first), nullptr);
  EXPECT_EQ(keys_.keys.size(), 3u);
}

TEST_F(KeysetLoaderTest, ANextKeyThatWasRevokedChangesNothing) {
  const std::string first = Load()->active().kid();
  ASSERT_OK(keys_.Add(
      service::NewSigningKey(sealer_, random_, kStart, kStart + service::kPublishedAhead)));
  keys_.keys[0].revoked = true;
  EXPECT_EQ(Load()->active().kid(), first);
  EXPECT_EQ(keys_.keys.size(), 2u);
}

TEST_F(KeysetLoaderTest, ANextKeyThatCannotBeOpenedIsToldAhead) {
  EXPECT_TRUE(Load()->next_can_sign());
  const keys::Sealer other =
      service::SigningKeySealer(*keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k9")));
  ASSERT_OK(
      keys_.Add(service::NewSigningKey(other, random_, kStart, kStart + service::kPublishedAhead)));
  EXPECT_FALSE(Load()->next_can_sign());
}

TEST_F(KeysetLoaderTest, AnotherMasterKeyIsToldByName) {
  Load();
  const keys::Sealer other =
      service::SigningKeySealer(*keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k1")));
  const auto keyset = LoadKeyset(keys_, other, random_, kEvery);
  EXPECT_TRUE(absl::IsFailedPrecondition(keyset.status()));
}

// A server has a master key that is too old for the successor of a revoked key.
TEST_F(KeysetLoaderTest, M4_KeysThatCannotBeKnownToBeGoodAreNotUsed) {
  service::CurrentKeyset current;
  const auto refresh = [&] { return RefreshKeyset(current, keys_, sealer_, random_, kEvery); };
  ASSERT_OK(refresh());
  const auto first = current.Get();
  keys_.away = true;
  EXPECT_TRUE(absl::IsUnavailable(refresh()));
  EXPECT_EQ(current.Get(), first);
  keys_.away = false;
  const keys::Sealer newer =
      service::SigningKeySealer(*keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k2")));
  keys_.keys[0].revoked = true;
  ASSERT_OK(keys_.Add(service::NewSigningKey(newer, random_, kStart, kStart)));
  EXPECT_TRUE(absl::IsFailedPrecondition(refresh()));
  EXPECT_EQ(current.Get(), nullptr);
}

}  // namespace
}  // namespace otpgate::app
