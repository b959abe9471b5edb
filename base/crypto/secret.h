#ifndef OTPGATE_BASE_CRYPTO_SECRET_H_
#define OTPGATE_BASE_CRYPTO_SECRET_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/random.h"

namespace otpgate::crypto {

// Overwrites memory that held a secret, in a way that the compiler cannot optimize away.
void Cleanse(void* data, size_t size);

// Secret bytes. They can be moved, but not copied, printed or compared with ==, and are overwritten
// before their memory is freed.
class Secret {
 public:
  Secret() = default;
  // Copies `bytes`; overwrite the original yourself.
  explicit Secret(absl::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  static Secret Generate(Random& random, size_t size);

  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Cleanse(bytes_.data(), bytes_.size()); }

  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }

  // Takes a time that depends only on the lengths.
  bool Equals(absl::string_view other) const;

  // The bytes, to pass to a primitive at once; valid as long as this object is unchanged. The name
  // makes every use easy to find.
  absl::string_view Reveal() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;  // not std::string: its small-buffer moves leave copies behind
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_SECRET_H_
