#include "base/crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

#include "base/crypto/hmac.h"

namespace otpgate::crypto {

void Cleanse(void* data, size_t size) {
  if (size != 0) OPENSSL_cleanse(data, size);
}

Secret Secret::Generate(Random& random, size_t size) {
  Secret secret;
  secret.bytes_.resize(size);
  random.Fill(secret.bytes_.data(), size);
  return secret;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Cleanse(bytes_.data(), bytes_.size());
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

bool Secret::Equals(absl::string_view other) const { return ConstantTimeEquals(Reveal(), other); }

}  // namespace otpgate::crypto
