#include <openssl/core_names.h>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "base/crypto/openssl_ptr.h"
#include "base/crypto/p256.h"
#include "base/crypto/signing.h"

namespace otpgate::crypto {
namespace {

std::shared_ptr<EVP_PKEY_CTX> PrepareToVerify(EVP_PKEY* key) {
  PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  OTPGATE_CHECK(ctx != nullptr && EVP_PKEY_verify_init(ctx.get()) == 1);
  return ctx;
}

PkeyPtr KeyFromPoint(std::string encoded_point) {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  OTPGATE_CHECK(ctx != nullptr && EVP_PKEY_fromdata_init(ctx.get()) == 1);
  std::string group = kP256;
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, encoded_point.data(),
                                        encoded_point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1) return nullptr;
  return PkeyPtr(key);
}

}  // namespace

VerifyKey VerifyKey::FromKey(std::shared_ptr<EVP_PKEY> key) {
  VerifyKey out;
  const std::string point = PublicPoint(key.get());
  const std::string x = Base64UrlEncode(point.substr(0, kP256CoordinateBytes));
  const std::string y = Base64UrlEncode(point.substr(kP256CoordinateBytes));
  // RFC 7638, 3.2: the required members in this order, without white space.
  const std::string required =
      absl::StrCat(R"("crv":"P-256","kty":"EC","x":")", x, R"(","y":")", y, "\"");
  out.kid_ = Base64UrlEncode(Sha256(absl::StrCat("{", required, "}")));
  out.jwk_ =
      absl::StrCat("{", required, R"(,"kid":")", out.kid_, R"(","use":"sig","alg":"ES256"})");
  out.prepared_ = PrepareToVerify(key.get());
  out.key_ = std::move(key);
  return out;
}

absl::StatusOr<VerifyKey> VerifyKey::FromPublicDer(absl::string_view subject_public_key_info) {
  const ErrorQueueGuard guard;
  const unsigned char* next = Bytes(subject_public_key_info.data());
  const unsigned char* end = next + subject_public_key_info.size();
  PkeyPtr key(d2i_PUBKEY(nullptr, &next, static_cast<long>(subject_public_key_info.size())));
  if (key == nullptr || next != end || !IsValidP256(key.get())) {
    return absl::InvalidArgumentError("not a P-256 public key");
  }
  return FromKey(std::move(key));
}

absl::StatusOr<VerifyKey> VerifyKey::FromJwk(absl::string_view x, absl::string_view y) {
  const ErrorQueueGuard guard;
  const auto x_bytes = Base64UrlDecode(x);
  const auto y_bytes = Base64UrlDecode(y);
  if (!x_bytes || !y_bytes || x_bytes->size() != kP256CoordinateBytes ||
      y_bytes->size() != kP256CoordinateBytes) {
    return absl::InvalidArgumentError("x and y are not base64url of 32 bytes each");
  }
  PkeyPtr key = KeyFromPoint(absl::StrCat("\x04", *x_bytes, *y_bytes));
  if (key == nullptr || !IsValidP256(key.get())) {
    return absl::InvalidArgumentError("not a point on P-256");
  }
  return FromKey(std::move(key));
}

std::string VerifyKey::ToPublicDer() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  OTPGATE_CHECK(size > 0);
  std::string out(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

bool VerifyKey::Verify(absl::string_view data, absl::string_view signature) const {
  if (signature.size() != kEs256SignatureBytes) return false;
  const ErrorQueueGuard guard;
  const std::string digest = Sha256(data);
  const std::string der = DerFromRaw(signature);
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_dup(prepared_.get()));
  OTPGATE_CHECK(ctx != nullptr);
  return EVP_PKEY_verify(ctx.get(), Bytes(der.data()), der.size(), Bytes(digest.data()),
                         digest.size()) == 1;
}

}  // namespace otpgate::crypto
