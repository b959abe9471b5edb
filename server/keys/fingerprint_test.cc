#include "server/keys/fingerprint.h"

#include <gmock/gmock.h>

#include "base/crypto/hmac.h"
#include "server/keys/test_keyring.h"

namespace otpgate::keys {
namespace {

using keys::TestKeyring;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(FingerprintsTest, EqualForEqualPayloadsAndKeysOnly) {
  const Fingerprints fingerprints(TestKeyring());
  const std::string fingerprint = fingerprints.Compute("payload").at(0);
  EXPECT_THAT(fingerprints.Compute("payload"), ElementsAre(fingerprint));
  EXPECT_THAT(fingerprints.Compute("payloae"), Not(Contains(fingerprint)));
  EXPECT_THAT(Fingerprints(TestKeyring("2")).Compute("payload"), Not(Contains(fingerprint)));
  EXPECT_EQ(fingerprint.find(crypto::Sha256("payload")), std::string::npos);
}

TEST(FingerprintsTest, RotationKeepsThem) {
  const std::string old = Fingerprints(TestKeyring("1")).Compute("payload").at(0);
  const std::string fresh = Fingerprints(TestKeyring("2")).Compute("payload").at(0);
  EXPECT_THAT(Fingerprints(TestKeyring("21")).Compute("payload"), ElementsAre(fresh, old));
}

TEST(FingerprintsTest, HaveTheIdOfTheirKeyAndOneSizeForAllPayloads) {
  const std::string fingerprint = Fingerprints(TestKeyring()).Compute("payload").at(0);
  EXPECT_THAT(fingerprint, StartsWith("\x01"
                                      "1"));  // a length of one byte, then the id
  EXPECT_THAT(fingerprint, SizeIs(2 + crypto::kSha256Bytes));
  const std::string longer = Fingerprints(TestKeyring()).Compute(std::string(1000, 'x')).at(0);
  EXPECT_THAT(longer, SizeIs(fingerprint.size()));
}

}  // namespace
}  // namespace otpgate::keys
