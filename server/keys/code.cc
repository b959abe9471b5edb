#include "server/keys/code.h"

#include <cstdint>
#include <limits>

#include "base/check.h"
#include "base/crypto/hmac.h"
#include "base/crypto/packing.h"

namespace otpgate::keys {
namespace {

constexpr int kDigitsMax = 18;  // 10^18 still fits 64 bits

std::string Message(const CodeBinding& binding, absl::string_view code) {
  std::string message;
  for (const absl::string_view field :
       {binding.purpose, binding.identifier, binding.user_type, binding.otp_id, code}) {
    crypto::AppendLong(message, field);
  }
  return message;
}

}  // namespace

std::string GenerateCode(Random& random, int digits) {
  OTPGATE_CHECK(digits >= 1 && digits <= kDigitsMax);
  uint64_t codes = 1;
  for (int i = 0; i < digits; ++i) codes *= 10;
  // Divide the 64-bit range into 10^digits buckets of equal width. Values beyond the last bucket
  // are rejected, so that no code is more likely than another.
  const uint64_t width = std::numeric_limits<uint64_t>::max() / codes;
  uint64_t value;
  do {
    value = random.Uint64() / width;
  } while (value >= codes);
  std::string code = std::to_string(value);
  code.insert(0, static_cast<size_t>(digits) - code.size(), '0');
  return code;
}

CodeMac::CodeMac(const Keyring& peppers) : keys_(peppers.Derive("otpgate code mac 1")) {}

CodeMac::Mac CodeMac::Compute(const CodeBinding& binding, absl::string_view code) const {
  const Keyring::Key& key = keys_.active();
  return {key.id, crypto::HmacSha256(key.secret.Reveal(), Message(binding, code))};
}

bool CodeMac::Matches(const Mac& mac, const CodeBinding& binding, absl::string_view code) const {
  const Keyring::Key* key = keys_.Find(mac.key_id);
  return key != nullptr &&
         crypto::ConstantTimeEquals(
             crypto::HmacSha256(key->secret.Reveal(), Message(binding, code)), mac.bytes);
}

}  // namespace otpgate::keys
