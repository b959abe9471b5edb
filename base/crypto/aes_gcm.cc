#include "base/crypto/aes_gcm.h"

#include <limits>

#include "base/check.h"
#include "base/crypto/openssl_ptr.h"
#include "base/crypto/secret.h"

namespace otpgate::crypto {
namespace {

// Far more than anything encrypted here. OpenSSL takes sizes as int.
constexpr size_t kTextBytesMax = std::numeric_limits<int>::max() / 2;

const EVP_CIPHER* FetchAes256Gcm() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  OTPGATE_CHECK(kCipher != nullptr);
  return kCipher;
}

EVP_CIPHER_CTX* ThreadCtx() {
  thread_local const CipherCtxPtr ctx(EVP_CIPHER_CTX_new());
  OTPGATE_CHECK(ctx != nullptr);
  return ctx.get();
}

void CheckSizes(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                absl::string_view text) {
  OTPGATE_CHECK(key.size() == kGcmKeyBytes && nonce.size() == kGcmNonceBytes);
  OTPGATE_CHECK(aad.size() <= kTextBytesMax && text.size() <= kTextBytesMax);
}

}  // namespace

std::string AesGcmEncrypt(absl::string_view key, absl::string_view nonce, absl::string_view aad,
                          absl::string_view plaintext) {
  CheckSizes(key, nonce, aad, plaintext);
  EVP_CIPHER_CTX* ctx = ThreadCtx();
  std::string out(plaintext.size() + kGcmTagBytes, '\0');
  unsigned char* text = Bytes(out.data());
  unsigned char* tag = text + plaintext.size();
  int size = 0;
  OTPGATE_CHECK(EVP_EncryptInit_ex2(ctx, FetchAes256Gcm(), Bytes(key.data()), Bytes(nonce.data()),
                                    nullptr) == 1);
  OTPGATE_CHECK(
      EVP_EncryptUpdate(ctx, nullptr, &size, Bytes(aad.data()), static_cast<int>(aad.size())) == 1);
  OTPGATE_CHECK(EVP_EncryptUpdate(ctx, text, &size, Bytes(plaintext.data()),
                                  static_cast<int>(plaintext.size())) == 1);
  OTPGATE_CHECK(EVP_EncryptFinal_ex(ctx, tag, &size) == 1);
  OTPGATE_CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, kGcmTagBytes, tag) == 1);
  return out;
}

std::optional<std::string> AesGcmDecrypt(absl::string_view key, absl::string_view nonce,
                                         absl::string_view aad,
                                         absl::string_view ciphertext_and_tag) {
  if (ciphertext_and_tag.size() < kGcmTagBytes) return std::nullopt;
  const ErrorQueueGuard guard;
  CheckSizes(key, nonce, aad, ciphertext_and_tag);
  EVP_CIPHER_CTX* ctx = ThreadCtx();
  const size_t text_size = ciphertext_and_tag.size() - kGcmTagBytes;
  std::string tag(ciphertext_and_tag.substr(text_size));
  std::string out(text_size, '\0');
  int size = 0;
  OTPGATE_CHECK(EVP_DecryptInit_ex2(ctx, FetchAes256Gcm(), Bytes(key.data()), Bytes(nonce.data()),
                                    nullptr) == 1);
  OTPGATE_CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, kGcmTagBytes, tag.data()) == 1);
  OTPGATE_CHECK(
      EVP_DecryptUpdate(ctx, nullptr, &size, Bytes(aad.data()), static_cast<int>(aad.size())) == 1);
  OTPGATE_CHECK(EVP_DecryptUpdate(ctx, Bytes(out.data()), &size, Bytes(ciphertext_and_tag.data()),
                                  static_cast<int>(text_size)) == 1);
  // Never return plaintext whose tag does not match.
  if (EVP_DecryptFinal_ex(ctx, Bytes(tag.data()), &size) != 1) {
    Cleanse(out.data(), out.size());
    return std::nullopt;
  }
  return out;
}

}  // namespace otpgate::crypto
