#include "base/id.h"

namespace otpgate {
namespace {

constexpr size_t kTimeBytes = 8;

}  // namespace

std::string NewIdBytes(absl::Time now, Random& random) {
  std::string bytes(Id<void>::kBytes, '\0');
  const uint64_t millis = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (size_t i = 0; i < kTimeBytes; ++i) {
    bytes[i] = static_cast<char>(millis >> (8 * (kTimeBytes - 1 - i)));
  }
  random.Fill(bytes.data() + kTimeBytes, bytes.size() - kTimeBytes);
  return bytes;
}

}  // namespace otpgate
