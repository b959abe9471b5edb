#include "otpgate/client/request_id.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/crypto/system_random.h"

namespace otpgate::client {

std::string NewRequestId() {
  char bytes[16];
  crypto::SystemRandom().Fill(bytes, sizeof bytes);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);  // variant
  const std::string hex = absl::BytesToHexString(absl::string_view(bytes, sizeof bytes));
  const auto part = [&hex](size_t at, size_t size) {
    return absl::string_view(hex).substr(at, size);
  };
  return absl::StrCat(part(0, 8), "-", part(8, 4), "-", part(12, 4), "-", part(16, 4), "-",
                      part(20, 12));
}

}  // namespace otpgate::client
