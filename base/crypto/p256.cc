#include "base/crypto/p256.h"

#include <openssl/core_names.h>

#include "base/check.h"

namespace otpgate::crypto {

bool IsValidP256(const EVP_PKEY* key) {
  char group[32];
  size_t size = 0;
  if (EVP_PKEY_is_a(key, "EC") != 1 ||
      EVP_PKEY_get_group_name(const_cast<EVP_PKEY*>(key), group, sizeof group, &size) != 1 ||
      OBJ_sn2nid(group) != NID_X9_62_prime256v1) {
    return false;
  }
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, const_cast<EVP_PKEY*>(key), nullptr));
  return ctx != nullptr && EVP_PKEY_public_check(ctx.get()) == 1;
}

std::string PublicPoint(const EVP_PKEY* key) {
  BIGNUM* x = nullptr;
  BIGNUM* y = nullptr;
  OTPGATE_CHECK(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1);
  const BignumPtr own_x(x);
  OTPGATE_CHECK(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1);
  const BignumPtr own_y(y);
  constexpr int kSize = static_cast<int>(kP256CoordinateBytes);
  std::string point(2 * kP256CoordinateBytes, '\0');
  OTPGATE_CHECK(BN_bn2binpad(x, Bytes(point.data()), kSize) == kSize);
  OTPGATE_CHECK(BN_bn2binpad(y, Bytes(point.data()) + kSize, kSize) == kSize);
  return point;
}

std::string RawFromDer(absl::string_view der) {
  const unsigned char* next = Bytes(der.data());
  const EcdsaSigPtr signature(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(der.size())));
  OTPGATE_CHECK(signature != nullptr);
  constexpr int kSize = static_cast<int>(kP256CoordinateBytes);
  std::string raw(2 * kP256CoordinateBytes, '\0');
  OTPGATE_CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Bytes(raw.data()), kSize) == kSize);
  OTPGATE_CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Bytes(raw.data()) + kSize, kSize) ==
                kSize);
  return raw;
}

std::string DerFromRaw(absl::string_view raw) {
  constexpr int kSize = static_cast<int>(kP256CoordinateBytes);
  OTPGATE_CHECK(raw.size() == 2 * kP256CoordinateBytes);
  const EcdsaSigPtr signature(ECDSA_SIG_new());
  BignumPtr r(BN_bin2bn(Bytes(raw.data()), kSize, nullptr));
  BignumPtr s(BN_bin2bn(Bytes(raw.data()) + kSize, kSize, nullptr));
  OTPGATE_CHECK(signature != nullptr && r != nullptr && s != nullptr);
  OTPGATE_CHECK(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
  std::string der(kEs256DerBytesMax, '\0');
  unsigned char* out = Bytes(der.data());
  const int size = i2d_ECDSA_SIG(signature.get(), &out);
  OTPGATE_CHECK(size > 0 && static_cast<size_t>(size) <= der.size());
  der.resize(static_cast<size_t>(size));
  return der;
}

}  // namespace otpgate::crypto
