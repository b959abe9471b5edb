#include "base/crypto/aes_gcm.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "absl/strings/escaping.h"

namespace otpgate::crypto {
namespace {

std::string Unhex(absl::string_view hex) { return absl::HexStringToBytes(hex); }

struct Vector {
  std::string key, nonce, aad, plaintext, ciphertext_and_tag;
};

// McGrew and Viega, The Galois/Counter Mode of Operation, test case 16.
Vector Case16() {
  return {Unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
          Unhex("cafebabefacedbaddecaf888"), Unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
          Unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
          Unhex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                "76fc6ece0f4e1768cddf8853bb2d551b")};
}

TEST(AesGcmTest, Vectors) {
  const Vector v = Case16();
  EXPECT_EQ(AesGcmEncrypt(v.key, v.nonce, v.aad, v.plaintext), v.ciphertext_and_tag);
  EXPECT_EQ(AesGcmDecrypt(v.key, v.nonce, v.aad, v.ciphertext_and_tag), v.plaintext);
  // Test case 13: empty plaintext and no additional data.
  EXPECT_EQ(AesGcmEncrypt(std::string(32, '\0'), std::string(12, '\0'), "", ""),
            Unhex("530f8afbc74536b9a963b4f1c4cb738b"));
}

TEST(AesGcmTest, EveryFlippedBitIsNoticed) {
  const Vector v = Case16();
  for (size_t bit = 0; bit < v.ciphertext_and_tag.size() * 8; ++bit) {
    std::string damaged = v.ciphertext_and_tag;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(AesGcmDecrypt(v.key, v.nonce, v.aad, damaged), std::nullopt) << bit;
  }
}

TEST(AesGcmTest, KeyNonceAndAadAreBound) {
  const Vector v = Case16();
  EXPECT_EQ(AesGcmDecrypt(std::string(32, 'k'), v.nonce, v.aad, v.ciphertext_and_tag),
            std::nullopt);
  EXPECT_EQ(AesGcmDecrypt(v.key, std::string(12, 'n'), v.aad, v.ciphertext_and_tag), std::nullopt);
  EXPECT_EQ(AesGcmDecrypt(v.key, v.nonce, "", v.ciphertext_and_tag), std::nullopt);
}

TEST(AesGcmTest, EveryCutIsNoticedAndTheNextCallIsSound) {
  const Vector v = Case16();
  for (size_t size = 0; size < v.ciphertext_and_tag.size(); ++size) {
    EXPECT_EQ(AesGcmDecrypt(v.key, v.nonce, v.aad, v.ciphertext_and_tag.substr(0, size)),
              std::nullopt);
  }
  EXPECT_EQ(ERR_peek_error(), 0u);  // no error is left for the next TLS call
  EXPECT_EQ(AesGcmDecrypt(v.key, v.nonce, v.aad, v.ciphertext_and_tag), v.plaintext);
}

}  // namespace
}  // namespace otpgate::crypto
