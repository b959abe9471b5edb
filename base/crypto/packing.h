#ifndef OTPGATE_BASE_CRYPTO_PACKING_H_
#define OTPGATE_BASE_CRYPTO_PACKING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::crypto {

// The binary form of values that are sealed or signed. Numbers are big-endian, and a length stands
// before each text, so that no two lists of fields have the same bytes.

void AppendU32(std::string& out, uint32_t value);
// Appends a length of one byte and the text, at most 255 bytes.
void AppendShort(std::string& out, absl::string_view text);
// Appends a length of four bytes and the text.
void AppendLong(std::string& out, absl::string_view text);
// The beginning of every packed value: the version and the key id.
std::string PackHeader(char version, absl::string_view key_id);

// Reads fields from the front of untrusted bytes. Returns views into them; none if a field is
// missing, and then every later field is missing too.
class Unpacker {
 public:
  explicit Unpacker(absl::string_view bytes) : rest_(bytes) {}

  std::optional<absl::string_view> Take(size_t size);
  std::optional<uint8_t> TakeByte();
  std::optional<uint32_t> TakeU32();
  std::optional<absl::string_view> TakeShort();
  // The bytes that were not taken.
  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
};

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_PACKING_H_
