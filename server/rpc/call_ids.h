#ifndef OTPGATE_SERVER_RPC_CALL_IDS_H_
#define OTPGATE_SERVER_RPC_CALL_IDS_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/random.h"

namespace otpgate::rpc {

// Makes call ids, which tie an answer to its log line: 16 hex digits, unique within a process. They
// are no secret, but they do not tell how many calls there were. Thread-safe.
class CallIds {
 public:
  explicit CallIds(Random& random) : next_(random.Uint64()) {}

  std::string Next() {
    const uint64_t id = Mix(next_.fetch_add(kGoldenGamma, std::memory_order_relaxed));
    return absl::StrCat(absl::Hex(id, absl::kZeroPad16));
  }

 private:
  // SplitMix64 (Steele, Lea, Flood 2014): a bijection, so ids repeat only after 2^64 calls.
  static constexpr uint64_t kGoldenGamma = 0x9e3779b97f4a7c15;
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::atomic<uint64_t> next_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_CALL_IDS_H_
