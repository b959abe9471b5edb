#include "base/crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/crypto/openssl_ptr.h"

namespace otpgate::crypto {
namespace {

constexpr size_t kHkdfBytesMax = 255 * kSha256Bytes;  // RFC 5869, 2.3

// Fetched objects are never freed: they live as long as the process.
const EVP_MD* FetchSha256() {
  static const EVP_MD* const kMd = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  OTPGATE_CHECK(kMd != nullptr);
  return kMd;
}

MacCtxPtr NewHmacCtx() {
  static EVP_MAC* const kMac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  OTPGATE_CHECK(kMac != nullptr);
  MacCtxPtr ctx(EVP_MAC_CTX_new(kMac));
  OTPGATE_CHECK(ctx != nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  OTPGATE_CHECK(EVP_MAC_CTX_set_params(ctx.get(), params) == 1);
  return ctx;
}

}  // namespace

std::string Sha256(absl::string_view data) {
  thread_local const MdCtxPtr ctx(EVP_MD_CTX_new());
  std::string digest(kSha256Bytes, '\0');
  OTPGATE_CHECK(EVP_DigestInit_ex2(ctx.get(), FetchSha256(), nullptr) == 1 &&
                EVP_DigestUpdate(ctx.get(), data.data(), data.size()) == 1 &&
                EVP_DigestFinal_ex(ctx.get(), Bytes(digest.data()), nullptr) == 1);
  return digest;
}

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  OTPGATE_CHECK(!key.empty());
  thread_local const MacCtxPtr ctx = NewHmacCtx();
  std::string mac(kSha256Bytes, '\0');
  size_t size = 0;
  OTPGATE_CHECK(EVP_MAC_init(ctx.get(), Bytes(key.data()), key.size(), nullptr) == 1 &&
                EVP_MAC_update(ctx.get(), Bytes(data.data()), data.size()) == 1 &&
                EVP_MAC_final(ctx.get(), Bytes(mac.data()), &size, mac.size()) == 1 &&
                size == kSha256Bytes);
  return mac;
}

Secret HkdfSha256(absl::string_view root, absl::string_view label, size_t length,
                  absl::string_view salt) {
  OTPGATE_CHECK(length >= 1 && length <= kHkdfBytesMax);
  // Extract (2.2): a missing salt is a block of zeros.
  static constexpr char kZeros[kSha256Bytes] = {};
  const absl::string_view extract_key =
      salt.empty() ? absl::string_view(kZeros, sizeof kZeros) : salt;
  const Secret pseudo_random_key(HmacSha256(extract_key, root));
  // Expand (2.3): T(i) = HMAC(PRK, T(i-1) | info | i).
  std::string okm;
  std::string block;
  for (unsigned char i = 1; okm.size() < length; ++i) {
    block =
        HmacSha256(pseudo_random_key.Reveal(),
                   absl::StrCat(block, label, absl::string_view(reinterpret_cast<char*>(&i), 1)));
    okm.append(block, 0, std::min(block.size(), length - okm.size()));
  }
  Secret out(okm);
  Cleanse(okm.data(), okm.size());
  Cleanse(block.data(), block.size());
  return out;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace otpgate::crypto
