#include "base/crypto/jwks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/status_matchers.h"

namespace otpgate::crypto {
namespace {

using ::otpgate::support::StatusIs;

TEST(JwksTest, ReadsWhatItWrote) {
  const SigningKey one = SigningKey::Generate(), two = SigningKey::Generate();
  const auto keys = ParseJwks(JwksJson({one.public_key(), two.public_key()}));
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].kid(), one.kid());
  EXPECT_EQ((*keys)[1].kid(), two.kid());
  EXPECT_TRUE((*keys)[1].Verify("data", two.Sign("data")));
  EXPECT_EQ(JwksJson({}), R"({"keys":[]})");
}

TEST(JwksTest, HoldsNothingPrivate) {
  const SigningKey key = SigningKey::Generate();
  EXPECT_EQ(JwksJson({key.public_key()}).find("\"d\""), std::string::npos);
}

TEST(JwksTest, SkipsKeysOfOtherKinds) {
  const std::string good = SigningKey::Generate().public_key().jwk();
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"EC\"", "\"RSA\""},
                                                        {"P-256", "P-384"},
                                                        {"\"sig\"", "\"enc\""},
                                                        {"ES256", "ES384"},
                                                        {"\"kid\":\"", "\"kid\":\"other"},
                                                        {"\"x\":\"", "\"x\":\"A"},
                                                        {"\"y\"", "\"z\""}}) {
    const std::string changed = absl::StrReplaceAll(good, {{from, to}});
    ASSERT_NE(changed, good) << from;
    const auto keys = ParseJwks(absl::StrCat("{\"keys\":[", changed, ",", good, ",7]}"));
    ASSERT_OK(keys);
    EXPECT_EQ(keys->size(), 1u) << changed;
  }
}

TEST(JwksTest, RefusesWhatIsNoKeySet) {
  const auto refused = support::StatusIs(absl::StatusCode::kInvalidArgument);
  for (const char* bad : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})", "<html>"}) {
    EXPECT_THAT(ParseJwks(bad), refused) << bad;
  }
  EXPECT_THAT(ParseJwks("{\"keys\":[" + std::string(kJwksBytesMax, ' ') + "]}"), refused);
}

}  // namespace
}  // namespace otpgate::crypto
