#ifndef OTPGATE_SERVER_CRYPTO_PACKING_H_
#define OTPGATE_SERVER_CRYPTO_PACKING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// The binary forms of what this folder seals and signs. Numbers are big-endian and texts carry
// their length in front, so that no two field lists have the same bytes.

void AppendU32(std::string& out, uint32_t value);
// Length in one byte; at most 255 bytes.
void AppendShort(std::string& out, absl::string_view text);
// Length in four bytes.
void AppendLong(std::string& out, absl::string_view text);
// What each form begins with.
std::string PackHeader(char version, absl::string_view key_id);

// Takes fields off the front of bytes from outside. Nothing it returns outlives them. Once a field
// is missing every later one is, too.
class Unpacker {
 public:
  explicit Unpacker(absl::string_view bytes) : rest_(bytes) {}

  std::optional<absl::string_view> Take(size_t size);
  std::optional<uint8_t> TakeByte();
  std::optional<uint32_t> TakeU32();
  std::optional<absl::string_view> TakeShort();
  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_PACKING_H_
