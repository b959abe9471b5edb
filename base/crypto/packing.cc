#include "base/crypto/packing.h"

#include <limits>

#include "base/check.h"

namespace otpgate::crypto {

void AppendU32(std::string& out, uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(value >> shift));
}

void AppendShort(std::string& out, absl::string_view text) {
  OTPGATE_CHECK(text.size() <= std::numeric_limits<uint8_t>::max());
  out.push_back(static_cast<char>(text.size()));
  out.append(text.data(), text.size());
}

void AppendLong(std::string& out, absl::string_view text) {
  OTPGATE_CHECK(text.size() <= std::numeric_limits<uint32_t>::max());
  AppendU32(out, static_cast<uint32_t>(text.size()));
  out.append(text.data(), text.size());
}

std::string PackHeader(char version, absl::string_view key_id) {
  std::string header(1, version);
  AppendShort(header, key_id);
  return header;
}

std::optional<absl::string_view> Unpacker::Take(size_t size) {
  if (size > rest_.size()) {
    rest_ = {};
    return std::nullopt;
  }
  const absl::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::optional<uint8_t> Unpacker::TakeByte() {
  const auto byte = Take(1);
  if (!byte) return std::nullopt;
  return static_cast<uint8_t>((*byte)[0]);
}

std::optional<uint32_t> Unpacker::TakeU32() {
  const auto bytes = Take(sizeof(uint32_t));
  if (!bytes) return std::nullopt;
  uint32_t value = 0;
  for (const char c : *bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::optional<absl::string_view> Unpacker::TakeShort() {
  const auto size = TakeByte();
  if (!size) return std::nullopt;
  return Take(*size);
}

}  // namespace otpgate::crypto
