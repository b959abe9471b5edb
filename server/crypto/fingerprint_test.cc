#include "server/crypto/fingerprint.h"

#include <gmock/gmock.h>

#include "server/crypto/hmac.h"
#include "server/crypto/test_keyring.h"

namespace otpgate::crypto {
namespace {

using ::otpgate::testing::TestKeyring;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(FingerprintsTest, EqualForEqualPayloadsAndKeysOnly) {
  const Fingerprints fingerprints(TestKeyring());
  const std::string fingerprint = fingerprints.Compute("payload").at(0);
  EXPECT_THAT(fingerprints.Compute("payload"), ElementsAre(fingerprint));
  EXPECT_THAT(fingerprints.Compute("payloae"), Not(Contains(fingerprint)));
  EXPECT_THAT(Fingerprints(TestKeyring("2")).Compute("payload"), Not(Contains(fingerprint)));
  EXPECT_EQ(fingerprint.find(Sha256("payload")), std::string::npos);
}

TEST(FingerprintsTest, RotationKeepsThem) {
  const std::string old = Fingerprints(TestKeyring("1")).Compute("payload").at(0);
  const std::string fresh = Fingerprints(TestKeyring("2")).Compute("payload").at(0);
  EXPECT_THAT(Fingerprints(TestKeyring("21")).Compute("payload"), ElementsAre(fresh, old));
}

TEST(LogHashTest, IsStableShortAndKeyed) {
  const LogHash hash(TestKeyring());
  EXPECT_EQ(hash.Of("+14155550123"), hash.Of("+14155550123"));
  EXPECT_NE(hash.Of("+14155550123"), hash.Of("+14155550124"));
  EXPECT_NE(hash.Of("+14155550123"), LogHash(TestKeyring("2")).Of("+14155550123"));
  EXPECT_EQ(hash.Of("+14155550123").size(), 16u);
}

}  // namespace
}  // namespace otpgate::crypto
