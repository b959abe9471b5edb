#include "server/keys/aead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/crypto/aes_gcm.h"
#include "base/crypto/system_random.h"
#include "server/keys/test_keyring.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

namespace otpgate::keys {
namespace {

using keys::TestKeyring;

TEST(SealerTest, OpensWhatItSealed) {
  support::SeededRandom random(1);
  const Sealer sealer(TestKeyring(), "outbox");
  for (const std::string& text :
       {std::string(), std::string("code 123456"), std::string(5000, 'x')}) {
    const auto opened = sealer.Open(sealer.Seal(random, text, "row"), "row");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->Reveal(), text);
  }
}

TEST(SealerTest, A5_ThePayloadCannotBeSeen) {
  support::SeededRandom random(1);
  const Sealer sealer(TestKeyring(), "outbox");
  const std::string sealed = sealer.Seal(random, "canary-canary", "+14155550123");
  EXPECT_EQ(sealed.find("canary"), std::string::npos);
  EXPECT_EQ(sealed.find("1415555"), std::string::npos);
  EXPECT_NE(sealed, sealer.Seal(random, "canary-canary", "+14155550123"));
}

TEST(SealerTest, A5_NothingElseOpens) {
  support::SeededRandom random(1);
  const Sealer sealer(TestKeyring(), "outbox");
  const std::string sealed = sealer.Seal(random, "text", "row 1");
  EXPECT_FALSE(sealer.Open(sealed, "row 2"));
  EXPECT_FALSE(Sealer(TestKeyring(), "signing key").Open(sealed, "row 1"));
  EXPECT_FALSE(Sealer(TestKeyring("2"), "outbox").Open(sealed, "row 1"));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(sealer.Open(damaged, "row 1")) << i;
    EXPECT_FALSE(sealer.Open(sealed.substr(0, i), "row 1")) << i;
  }
}

TEST(SealerTest, RotationKeepsWhatIsSealed) {
  support::SeededRandom random(1);
  const std::string old_seal = Sealer(TestKeyring("1"), "outbox").Seal(random, "text", "");
  const Sealer rotated(TestKeyring("21"), "outbox");
  EXPECT_TRUE(rotated.Open(old_seal, ""));
  const std::string new_seal = rotated.Seal(random, "text", "");
  EXPECT_TRUE(Sealer(TestKeyring("2"), "outbox").Open(new_seal, ""));
  EXPECT_FALSE(Sealer(TestKeyring("1"), "outbox").Open(new_seal, ""));
}

TEST(SealerTest, A5_NoncesNeverRepeat) {
  crypto::SystemRandom random;
  const Sealer sealer(TestKeyring(), "outbox");
  const int64_t trials = support::Trials(100'000);
  std::vector<std::string> nonces;
  nonces.reserve(static_cast<size_t>(trials));
  for (int64_t i = 0; i < trials; ++i) {
    // The nonce comes after the version, the length of the key id and a key id of one byte.
    nonces.push_back(sealer.Seal(random, "", "").substr(3, crypto::kGcmNonceBytes));
  }
  std::sort(nonces.begin(), nonces.end());
  EXPECT_EQ(std::adjacent_find(nonces.begin(), nonces.end()), nonces.end());
}

}  // namespace
}  // namespace otpgate::keys
