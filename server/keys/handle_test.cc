#include "server/keys/handle.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/crypto/aes_gcm.h"
#include "base/crypto/base64url.h"
#include "base/id.h"
#include "server/keys/test_keyring.h"
#include "tests/support/sample_values.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

namespace otpgate::keys {
namespace {

using keys::TestKeyring;

using support::kNow;

HandlePayload Content(Random& random) {
  return {"live", "login", "test@example.com", NewIdBytes(support::kNow, random), ""};
}

TEST(HandlesTest, OpensWhatItSealedAndSaysTheSameAgain) {
  support::SeededRandom random(1);
  const Handles handles(TestKeyring());
  const HandlePayload content = Content(random);
  const std::string text = handles.Seal(content);
  EXPECT_EQ(handles.Open(text), content);
  EXPECT_EQ(handles.Seal(content), text);
}

TEST(HandlesTest, MayBeOfOneCaller) {
  support::SeededRandom random(1);
  const Handles handles(TestKeyring());
  HandlePayload content = Content(random);
  const std::string of_anybody = handles.Seal(content);
  content.caller = "shop";
  EXPECT_EQ(handles.Open(handles.Seal(content)), content);
  EXPECT_EQ(handles.Open(of_anybody)->caller, "");
}

TEST(HandlesTest, TheLongestContentFitsItsBound) {
  const Handles handles(
      *Keyring::Parse("key-id-of-16-chr " + absl::Base64Escape(std::string(32, 'k'))));
  const HandlePayload content{std::string(16, 'u'), std::string(32, 'p'), std::string(254, 'i'),
                              std::string(24, '\xff'), std::string(64, 'c')};
  const std::string text = handles.Seal(content);
  EXPECT_LE(text.size(), kHandleTextBytesMax);
  EXPECT_EQ(handles.Open(text), content);
  EXPECT_EQ(handles.Open(std::string(kHandleTextBytesMax + 4, 'A')), std::nullopt);
}

TEST(HandlesTest, AnyOtherContentHasAnotherNonce) {
  support::SeededRandom random(1);
  const Handles handles(TestKeyring());
  const HandlePayload content = Content(random);
  std::set<std::string> nonces;
  for (const auto& change : std::vector<HandlePayload>{
           content,
           {"demo", content.purpose, content.identifier, content.otp_id, ""},
           {content.user_type, "verify_email", content.identifier, content.otp_id, ""},
           {content.user_type, content.purpose, "other@example.com", content.otp_id, ""},
           {content.user_type, content.purpose, content.identifier, std::string(24, 'o'), ""},
           {content.user_type, content.purpose, content.identifier, content.otp_id, "shop"}}) {
    nonces.insert(crypto::Base64UrlDecode(handles.Seal(change))->substr(3, 12));
  }
  EXPECT_EQ(nonces.size(), 6u);
}

// Seals by hand with the real key, to test the layout and every other check of Open.
std::string SealByHand(absl::string_view header, absl::string_view packed) {
  const Keyring keys = TestKeyring().Derive("otpgate handle seal 1");
  const std::string nonce(crypto::kGcmNonceBytes, 'n');
  return crypto::Base64UrlEncode(absl::StrCat(
      header, nonce, crypto::AesGcmEncrypt(keys.active().secret.Reveal(), nonce, header, packed)));
}

TEST(HandlesTest, Layout) {
  const Handles handles(TestKeyring());
  const std::string otp_id(24, 'o');
  const std::string packed = absl::StrCat("\x04live\x05login\x01i\x18", otp_id);
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed)),
            (HandlePayload{"live", "login", "i", otp_id, ""}));
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed + "\x04shop")),
            (HandlePayload{"live", "login", "i", otp_id, "shop"}));
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed + "\x04shop!")), std::nullopt);
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed + std::string(1, '\0'))), std::nullopt);
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed + "x")), std::nullopt);
  EXPECT_EQ(handles.Open(SealByHand("\x02\x01\x31", packed)), std::nullopt);
  EXPECT_EQ(handles.Open(SealByHand("\x01\x01\x31", packed.substr(0, 20))), std::nullopt);
}

TEST(HandlesTest, A6_ForgeriesDie) {
  support::SeededRandom random(1);
  const Handles handles(TestKeyring());
  const std::string text = handles.Seal(Content(random));
  const std::string bytes = *crypto::Base64UrlDecode(text);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string forged = bytes;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(handles.Open(crypto::Base64UrlEncode(forged)), std::nullopt) << bit;
  }
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(handles.Open(text.substr(0, size)), std::nullopt) << size;
  }
  for (const std::string& changed :
       {text + "A", text + "=", " " + text, text + "\n", text + text}) {
    EXPECT_EQ(handles.Open(changed), std::nullopt) << changed;
  }
  EXPECT_EQ(Handles(TestKeyring("2")).Open(text), std::nullopt);
}

TEST(HandlesTest, A6_RandomTextIsNoHandle) {
  support::SeededRandom random(2);
  const Handles handles(TestKeyring());
  const int64_t trials = support::Trials(20'000);
  for (int64_t i = 0; i < trials; ++i) {
    std::string bytes(90, '\0');
    random.Fill(bytes.data(), bytes.size());
    bytes.replace(0, 3,
                  "\x01\x01"
                  "1");  // a valid header
    ASSERT_EQ(handles.Open(crypto::Base64UrlEncode(bytes)), std::nullopt);
  }
}

// Every bit after the header is set in about half of the handles, also where a UUID would have its
// version and variant, although the payloads differ only in their 128 random bits.
TEST(HandlesTest, A6_LooksRandomInEveryBit) {
  support::SeededRandom random(3);
  const Handles handles(TestKeyring());
  const int64_t trials = support::Trials(4'000);
  std::vector<int64_t> ones;
  for (int64_t i = 0; i < trials; ++i) {
    const std::string sealed = crypto::Base64UrlDecode(handles.Seal(Content(random)))->substr(3);
    ones.resize(sealed.size() * 8);
    for (size_t bit = 0; bit < ones.size(); ++bit) ones[bit] += sealed[bit / 8] >> (bit % 8) & 1;
  }
  const double sigma = std::sqrt(static_cast<double>(trials)) / 2;
  ASSERT_GE(ones.size(), 128u);
  for (const int64_t count : ones) {
    EXPECT_NEAR(static_cast<double>(count), static_cast<double>(trials) / 2, 5 * sigma);
  }
}

// The random part itself: none of the 128 bits of the otp id is fixed.
TEST(HandlesTest, A6_OtpIdsHave128RandomBits) {
  support::SeededRandom random(4);
  std::vector<int> ones(128);
  constexpr int kTrials = 4'000;
  for (int i = 0; i < kTrials; ++i) {
    const std::string id = NewIdBytes(support::kNow, random).substr(8);
    for (size_t bit = 0; bit < 128; ++bit) ones[bit] += id[bit / 8] >> (bit % 8) & 1;
  }
  for (const int count : ones) EXPECT_NEAR(count, kTrials / 2.0, 5 * std::sqrt(kTrials) / 2);
}

TEST(HandlesTest, RotationKeepsHandles) {
  support::SeededRandom random(1);
  const HandlePayload content = Content(random);
  const std::string text = Handles(TestKeyring("1")).Seal(content);
  EXPECT_EQ(Handles(TestKeyring("21")).Open(text), content);
  EXPECT_NE(Handles(TestKeyring("21")).Seal(content), text);
}

}  // namespace
}  // namespace otpgate::keys
