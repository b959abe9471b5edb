#include "base/crypto/signing.h"

#include "base/check.h"
#include "base/crypto/hmac.h"
#include "base/crypto/openssl_ptr.h"
#include "base/crypto/p256.h"

namespace otpgate::crypto {
namespace {

std::shared_ptr<EVP_PKEY_CTX> PrepareToSign(EVP_PKEY* key) {
  PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  OTPGATE_CHECK(ctx != nullptr && EVP_PKEY_sign_init(ctx.get()) == 1);
  return ctx;
}

}  // namespace

SigningKey::SigningKey(std::shared_ptr<EVP_PKEY> key)
    : key_(std::move(key)),
      prepared_(PrepareToSign(key_.get())),
      public_(VerifyKey::FromKey(key_)) {}

SigningKey SigningKey::Generate() {
  while (true) {
    PkeyPtr pair(EVP_EC_gen(kP256));
    OTPGATE_CHECK(pair != nullptr);
    SigningKey key(std::move(pair));
    if (key.kid().front() != '-') return key;
  }
}

absl::StatusOr<SigningKey> SigningKey::FromPrivateDer(absl::string_view private_key_info) {
  const ErrorQueueGuard guard;
  const unsigned char* next = Bytes(private_key_info.data());
  const Pkcs8Ptr info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(private_key_info.size())));
  PkeyPtr key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  if (key == nullptr || next != Bytes(private_key_info.data()) + private_key_info.size() ||
      !IsValidP256(key.get())) {
    return absl::InvalidArgumentError("not a P-256 private key in PKCS #8");
  }
  return SigningKey(std::move(key));
}

Secret SigningKey::ToPrivateDer() const {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(key_.get()));
  OTPGATE_CHECK(info != nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  OTPGATE_CHECK(size > 0);
  Secret secret(absl::string_view(reinterpret_cast<char*>(der), static_cast<size_t>(size)));
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  return secret;
}

std::string SigningKey::Sign(absl::string_view data) const {
  const std::string digest = Sha256(data);
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_dup(prepared_.get()));
  unsigned char der[kEs256DerBytesMax];
  size_t size = sizeof der;
  OTPGATE_CHECK(ctx != nullptr &&
                EVP_PKEY_sign(ctx.get(), der, &size, Bytes(digest.data()), digest.size()) == 1);
  return RawFromDer({reinterpret_cast<char*>(der), size});
}

}  // namespace otpgate::crypto
