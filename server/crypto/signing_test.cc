#include "server/crypto/signing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "server/crypto/base64url.h"
#include "server/crypto/openssl_ptr.h"
#include "tests/support/status_matchers.h"

namespace otpgate::crypto {
namespace {

using ::otpgate::testing::StatusIs;

constexpr absl::string_view kX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr absl::string_view kY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

TEST(VerifyKeyTest, AcceptsTheExampleOfRfc7515) {  // appendix A.3
  const auto key = VerifyKey::FromJwk(kX, kY);
  ASSERT_OK(key);
  const std::string signature = *Base64UrlDecode(
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  const std::string data =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
      "NvbS9pc19yb290Ijp0cnVlfQ";
  EXPECT_TRUE(key->Verify(data, signature));
  EXPECT_FALSE(key->Verify(data + "x", signature));
}

TEST(VerifyKeyTest, KidIsTheThumbprint) {  // the example key of RFC 9449, 6.1
  const auto key = VerifyKey::FromJwk("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                                      "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");
  ASSERT_OK(key);
  EXPECT_EQ(key->kid(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  EXPECT_EQ(key->jwk(),
            R"({"crv":"P-256","kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",)"
            R"("y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",)"
            R"("kid":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","use":"sig","alg":"ES256"})");
}

TEST(SigningKeyTest, SignsWhatItsPublicKeyVerifies) {
  const SigningKey key = SigningKey::Generate();
  std::set<std::string> signatures;
  for (int i = 0; i < 200; ++i) {  // often enough for an r or s with a leading zero byte
    const std::string data = "data " + std::to_string(i);
    const std::string signature = key.Sign(data);
    ASSERT_EQ(signature.size(), kEs256SignatureBytes);
    EXPECT_TRUE(key.public_key().Verify(data, signature));
    EXPECT_FALSE(key.public_key().Verify(data + "!", signature));
    signatures.insert(signature);
  }
  EXPECT_EQ(signatures.size(), 200u);
  EXPECT_FALSE(SigningKey::Generate().public_key().Verify("data 0", *signatures.begin()));
}

TEST(SigningKeyTest, SurvivesItsDerForms) {
  const SigningKey key = SigningKey::Generate();
  const Secret private_der = key.ToPrivateDer();
  const auto again = SigningKey::FromPrivateDer(private_der.Reveal());
  ASSERT_OK(again);
  EXPECT_EQ(again->kid(), key.kid());
  const auto verify = VerifyKey::FromPublicDer(key.public_key().ToPublicDer());
  ASSERT_OK(verify);
  EXPECT_EQ(verify->jwk(), key.public_key().jwk());
  EXPECT_TRUE(verify->Verify("data", again->Sign("data")));
}

// x | y of P-256's order, RFC 5480 / SEC 2, as signature parts at the edge of their range.
TEST(VerifyKeyTest, RefusesSignaturesOutsideTheRange) {
  const SigningKey key = SigningKey::Generate();
  const std::string good = key.Sign("data");
  const std::string r = good.substr(0, 32), s = good.substr(32), zero(32, '\0'), ff(32, '\xff');
  const std::string order =
      absl::HexStringToBytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  for (const std::string& bad : {zero + s, r + zero, zero + zero, order + s, r + order, ff + ff,
                                 s + r, r, std::string(), good + zero, good.substr(1)}) {
    EXPECT_FALSE(key.public_key().Verify("data", bad)) << absl::BytesToHexString(bad);
  }
  for (size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(key.public_key().Verify("data", flipped)) << i;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
  EXPECT_TRUE(key.public_key().Verify("data", good));
}

std::string PublicDer(const PkeyPtr& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  std::string out(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

TEST(VerifyKeyTest, RefusesOtherKeys) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(VerifyKey::FromPublicDer(PublicDer(PkeyPtr(EVP_EC_gen("P-384")))), refused);
  EXPECT_THAT(VerifyKey::FromPublicDer(PublicDer(PkeyPtr(EVP_EC_gen("secp256k1")))), refused);
  EXPECT_THAT(
      VerifyKey::FromPublicDer(PublicDer(PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")))),
      refused);
  EXPECT_THAT(VerifyKey::FromPublicDer(""), refused);
  EXPECT_THAT(VerifyKey::FromPublicDer("nonsense"), refused);
  const std::string good = SigningKey::Generate().public_key().ToPublicDer();
  EXPECT_THAT(VerifyKey::FromPublicDer(good + "x"), refused);
  EXPECT_THAT(VerifyKey::FromPublicDer(good.substr(0, good.size() - 1)), refused);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(VerifyKeyTest, RefusesPointsThatAreNotOnTheCurve) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(VerifyKey::FromJwk(kY, kX), refused);
  EXPECT_THAT(VerifyKey::FromJwk(Base64UrlEncode(std::string(32, '\0')),
                                 Base64UrlEncode(std::string(32, '\0'))),
              refused);
  EXPECT_THAT(VerifyKey::FromJwk(kX.substr(1), kY), refused);
  EXPECT_THAT(VerifyKey::FromJwk(std::string(kX) + "=", kY), refused);
  EXPECT_THAT(VerifyKey::FromJwk("", ""), refused);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(SigningKeyTest, RefusesOtherPrivateKeys) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  const Secret good = SigningKey::Generate().ToPrivateDer();
  EXPECT_THAT(SigningKey::FromPrivateDer(""), refused);
  EXPECT_THAT(SigningKey::FromPrivateDer(good.Reveal().substr(1)), refused);
  EXPECT_THAT(SigningKey::FromPrivateDer(std::string(good.Reveal()) + "x"), refused);
  EXPECT_THAT(SigningKey::FromPrivateDer(SigningKey::Generate().public_key().ToPublicDer()),
              refused);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(SigningKeyTest, ThreadsShareAKey) {
  const SigningKey key = SigningKey::Generate();
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&count, &key] {
      for (int i = 0; i < 100; ++i) {
        const std::string data = std::to_string(i);
        if (!key.public_key().Verify(data, key.Sign(data))) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace otpgate::crypto
