#ifndef OTPGATE_TESTS_SUPPORT_SEEDED_RANDOM_H_
#define OTPGATE_TESTS_SUPPORT_SEEDED_RANDOM_H_

#include <algorithm>
#include <cstring>
#include <random>

#include "absl/synchronization/mutex.h"
#include "base/random.h"

namespace otpgate::support {

// Gives the same bytes for the same seed, for tests that must be replayable. Thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  void Fill(void* out, size_t size) override {
    absl::MutexLock lock(&mu_);
    auto* bytes = static_cast<unsigned char*>(out);
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
      const uint64_t word = engine_();
      std::memcpy(bytes + i, &word, std::min(sizeof word, size - i));
    }
  }

 private:
  absl::Mutex mu_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SEEDED_RANDOM_H_
