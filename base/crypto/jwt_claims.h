#ifndef OTPGATE_BASE_CRYPTO_JWT_CLAIMS_H_
#define OTPGATE_BASE_CRYPTO_JWT_CLAIMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/crypto/strict_json.h"

// The payload of our tokens, member by member. Include it in .cc files only, as strict_json.h.
namespace otpgate::crypto {

// Writes a JSON object. Keys need no escaping; other bytes of a text than UTF-8 become replacement
// characters.
class ClaimWriter {
 public:
  std::string Take() { return std::move(out_) + "}"; }

  void Text(absl::string_view key, absl::string_view value);
  void Texts(absl::string_view key, const std::vector<std::string>& values);
  void Number(absl::string_view key, uint64_t value);
  void Time(absl::string_view key, absl::Time value);  // whole seconds

 private:
  std::string& Member(absl::string_view key);

  std::string out_;
};

// Reads the members of one object and records whether all of them were present, each with its type.
class ClaimReader {
 public:
  // Not an object, or a member twice: nothing is complete.
  explicit ClaimReader(absl::string_view payload)
      : object_(ParseStrictObject(payload)), complete_(object_.has_value()) {}

  std::string Text(const char* name);
  std::vector<std::string> Texts(const char* name);  // at least one
  uint64_t Number(const char* name);
  absl::Time Time(const char* name);
  bool complete() const { return complete_; }

 private:
  template <class T>
  T Keep(std::optional<T> value) {
    complete_ &= value.has_value();
    return std::move(value).value_or(T{});
  }

  const std::optional<nlohmann::json> object_;
  bool complete_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_JWT_CLAIMS_H_
