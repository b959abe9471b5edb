#ifndef OTPGATE_BASE_CRYPTO_SIGNING_H_
#define OTPGATE_BASE_CRYPTO_SIGNING_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/crypto/secret.h"

struct evp_pkey_ctx_st;  // OpenSSL's, whose headers stay inside this folder
struct evp_pkey_st;

namespace otpgate::crypto {

// ES256: ECDSA on P-256 with SHA-256 (RFC 7518, 3.4). Signatures are r | s, 64 raw bytes.
inline constexpr size_t kEs256SignatureBytes = 64;

// The public half. Cheap to copy; immutable, so thread-safe.
class VerifyKey {
 public:
  // INVALID_ARGUMENT: not a P-256 key, or a point that is not on the curve.
  static absl::StatusOr<VerifyKey> FromPublicDer(absl::string_view subject_public_key_info);
  // `x` and `y` as in a JWK: base64url of 32 bytes each (RFC 7518, 6.2.1).
  static absl::StatusOr<VerifyKey> FromJwk(absl::string_view x, absl::string_view y);

  std::string ToPublicDer() const;

  // The RFC 7638 thumbprint.
  const std::string& kid() const { return kid_; }
  // The public JWK (RFC 7517) as a JSON object.
  const std::string& jwk() const { return jwk_; }

  bool Verify(absl::string_view data, absl::string_view signature) const;

 private:
  friend class SigningKey;
  // `key` must be on P-256.
  static VerifyKey FromKey(std::shared_ptr<evp_pkey_st> key);
  VerifyKey() = default;

  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<evp_pkey_ctx_st> prepared_;  // copied for each call: cheaper than a new one
  std::string kid_;
  std::string jwk_;
};

// The private half. Cheap to copy; immutable, so thread-safe.
class SigningKey {
 public:
  // Makes a new key. Its kid never begins with "-", as one in 64 would, because a command line
  // would take such a kid for an option.
  static SigningKey Generate();
  // PKCS #8. INVALID_ARGUMENT: not a P-256 key.
  static absl::StatusOr<SigningKey> FromPrivateDer(absl::string_view private_key_info);

  // PKCS #8, to be sealed.
  Secret ToPrivateDer() const;

  const VerifyKey& public_key() const { return public_; }
  const std::string& kid() const { return public_.kid(); }

  std::string Sign(absl::string_view data) const;

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<evp_pkey_ctx_st> prepared_;
  VerifyKey public_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_SIGNING_H_
