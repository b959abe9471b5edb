#ifndef OTPGATE_SERVER_CRYPTO_SECRET_H_
#define OTPGATE_SERVER_CRYPTO_SECRET_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/runtime/random.h"

namespace otpgate::crypto {

// Overwrites memory that held a secret; the compiler may not leave it out.
void Cleanse(void* data, size_t size);

// Bytes that must not spread: they can be moved, not copied, printed or compared in haste, and are
// overwritten before their memory is given back.
class Secret {
 public:
  Secret() = default;
  // Copies `bytes`; the caller's own copy stays the caller's problem.
  explicit Secret(absl::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  static Secret Generate(Random& random, size_t size);

  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Cleanse(bytes_.data(), bytes_.size()); }

  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }

  // Time depends on the lengths alone.
  bool Equals(absl::string_view other) const;

  // The bytes, for handing to a primitive at once; valid as long as this object. Easy to grep.
  absl::string_view Reveal() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;  // not std::string: its small-buffer moves leave copies behind
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_SECRET_H_
