#include "server/keys/refresh_token.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "server/keys/test_keyring.h"

namespace otpgate::keys {
namespace {

using keys::TestKeyring;

const std::string kUser(24, 'u');
const std::string kSession(24, 's');

TEST(RefreshTokensTest, ParsesWhatItIssuedAndSaysTheSameAgain) {
  const RefreshTokens tokens(TestKeyring());
  for (const uint32_t generation : {0u, 1u, 0x01020304u, std::numeric_limits<uint32_t>::max()}) {
    const std::string text = tokens.Issue(kUser, kSession, generation);
    EXPECT_EQ(tokens.Parse(text), (RefreshToken{"1", kUser, kSession, generation}));
    EXPECT_EQ(tokens.Issue(kUser, kSession, generation), text);
  }
}

TEST(RefreshTokensTest, TheLongestKeyIdFits) {
  const RefreshTokens tokens(
      *Keyring::Parse("key-id-of-16-chr " + absl::Base64Escape(std::string(32, 'k'))));
  EXPECT_TRUE(tokens.Parse(tokens.Issue(kUser, kSession, 1)));
}

TEST(RefreshTokensTest, F1_ForgeriesDie) {
  const RefreshTokens tokens(TestKeyring());
  const std::string text = tokens.Issue(kUser, kSession, 7);
  const std::string bytes = *crypto::Base64UrlDecode(text);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string forged = bytes;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(tokens.Parse(crypto::Base64UrlEncode(forged)), std::nullopt) << bit;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(tokens.Parse(crypto::Base64UrlEncode(bytes.substr(0, size))), std::nullopt) << size;
    EXPECT_EQ(tokens.Parse(text.substr(0, size)), std::nullopt) << size;
  }
  for (const std::string& changed :
       {text + "A", text + "=", text + "\n", std::string(10'000, 'A')}) {
    EXPECT_EQ(tokens.Parse(changed), std::nullopt);
  }
  EXPECT_EQ(RefreshTokens(TestKeyring("2")).Parse(text), std::nullopt);
}

TEST(RefreshTokensTest, F1_LayoutWithAMacOf256Bits) {
  const Keyring keys = TestKeyring().Derive("otpgate refresh token 1");
  const auto sign = [&keys](const std::string& packed) {
    return crypto::Base64UrlEncode(packed +
                                   crypto::HmacSha256(keys.active().secret.Reveal(), packed));
  };
  const std::string rest = absl::StrCat("\x01\x31", kUser, kSession, std::string("\0\0\1\2", 4));
  const RefreshTokens tokens(TestKeyring());
  EXPECT_EQ(tokens.Parse(sign(absl::StrCat("\x01", rest))),
            (RefreshToken{"1", kUser, kSession, 258}));
  EXPECT_EQ(tokens.Parse(sign(absl::StrCat("\x02", rest))), std::nullopt);
  EXPECT_EQ(tokens.Parse(sign(absl::StrCat("\x01", rest, "x"))), std::nullopt);
  EXPECT_EQ(tokens.Parse(sign(absl::StrCat("\x01", rest.substr(0, rest.size() - 1)))),
            std::nullopt);
}

TEST(RefreshTokensTest, ASuccessorKeepsTheKeyOfItsPredecessor) {
  const std::string before = RefreshTokens(TestKeyring("1")).Issue(kUser, kSession, 1);
  const RefreshTokens rotated(TestKeyring("21"));
  EXPECT_EQ(rotated.active_key_id(), "2");
  const auto parsed = rotated.Parse(before);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->key_id, "1");
  const auto successor = rotated.Issue({parsed->key_id, kUser, kSession, 2});
  ASSERT_TRUE(successor);
  EXPECT_EQ(*successor, RefreshTokens(TestKeyring("1")).Issue(kUser, kSession, 2));
  EXPECT_NE(*successor, rotated.Issue(kUser, kSession, 2));
  EXPECT_EQ(rotated.Issue({"3", kUser, kSession, 2}), std::nullopt);
}

// A session token has the same form, and keys of its own.
TEST(RefreshTokensTest, F1_ATokenOfOneUseIsNoneOfAnother) {
  const Keyring keys = TestKeyring();
  const RefreshTokens refresh(keys);
  const RefreshTokens sessions(keys, RefreshTokens::kSessionUse);
  EXPECT_TRUE(sessions.Parse(sessions.Issue(kUser, kSession, 0)));
  EXPECT_FALSE(refresh.Parse(sessions.Issue(kUser, kSession, 0)));
  EXPECT_FALSE(sessions.Parse(refresh.Issue(kUser, kSession, 0)));
  EXPECT_FALSE(refresh.ParseToRevoke(sessions.Issue(kUser, kSession, 0)));
}

}  // namespace
}  // namespace otpgate::keys
