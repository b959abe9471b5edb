#include "base/crypto/signing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/crypto/base64url.h"
#include "base/crypto/openssl_ptr.h"
#include "tests/support/status_matchers.h"

namespace otpgate::crypto {
namespace {

using ::otpgate::support::StatusIs;

constexpr absl::string_view kX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr absl::string_view kY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

TEST(VerifyKeyTest, E1_AcceptsTheExampleOfRfc7515) {  // appendix A.3
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

// Appendix A.2.5: ECDSA on P-256 with SHA-256.
TEST(VerifyKeyTest, E1_AcceptsTheExamplesOfRfc6979) {
  const auto base64url = [](absl::string_view hex) {
    return Base64UrlEncode(absl::HexStringToBytes(hex));
  };
  const auto key = VerifyKey::FromJwk(
      base64url("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
      base64url("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));
  ASSERT_OK(key);
  const std::string sample = absl::HexStringToBytes(
      "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
      "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
  const std::string test = absl::HexStringToBytes(
      "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
      "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083");
  EXPECT_TRUE(key->Verify("sample", sample));
  EXPECT_TRUE(key->Verify("test", test));
  EXPECT_FALSE(key->Verify("test", sample));
  EXPECT_FALSE(key->Verify("sample", test));
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
  for (int i = 0; i < 200; ++i) {  // enough for an r or s with a leading zero byte
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

// `otpgatectl keys retire -x...` would take the kid for an option.
TEST(SigningKeyTest, NoKidLooksLikeAnOption) {
  for (int i = 0; i < 1000; ++i) ASSERT_NE(SigningKey::Generate().kid().front(), '-');
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

// The order of P-256 (SEC 2), the first value that r and s must not have.
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
  const auto refused = support::StatusIs(absl::StatusCode::kInvalidArgument);
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
  const auto refused = support::StatusIs(absl::StatusCode::kInvalidArgument);
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
  const auto refused = support::StatusIs(absl::StatusCode::kInvalidArgument);
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
