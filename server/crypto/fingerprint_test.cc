#include "server/crypto/fingerprint.h"

#include <gtest/gtest.h>

#include "server/crypto/hmac.h"
#include "server/crypto/test_keyring.h"

namespace otpgate::crypto {
namespace {

using ::otpgate::testing::TestKeyring;

TEST(FingerprintsTest, OnlyTheSamePayloadMatches) {
  const Fingerprints fingerprints(TestKeyring());
  const std::string fingerprint = fingerprints.Compute("payload");
  EXPECT_TRUE(fingerprints.Matches(fingerprint, "payload"));
  EXPECT_FALSE(fingerprints.Matches(fingerprint, "payloae"));
  EXPECT_FALSE(fingerprints.Matches(fingerprint.substr(1), "payload"));
  EXPECT_FALSE(fingerprints.Matches("", "payload"));
  EXPECT_EQ(fingerprint.find(Sha256("payload")), std::string::npos);
}

TEST(FingerprintsTest, RotationKeepsThem) {
  const std::string fingerprint = Fingerprints(TestKeyring("1")).Compute("payload");
  EXPECT_TRUE(Fingerprints(TestKeyring("21")).Matches(fingerprint, "payload"));
  EXPECT_FALSE(Fingerprints(TestKeyring("2")).Matches(fingerprint, "payload"));
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
