#ifndef OTPGATE_TESTS_SIMULATION_SEEDED_CHOICES_H_
#define OTPGATE_TESTS_SIMULATION_SEEDED_CHOICES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "base/random.h"

namespace otpgate::simulation {

// The only source of randomness of a simulation. The same seed gives the same run on every machine.
// One thread.
class SeededChoices final : public Random {
 public:
  explicit SeededChoices(uint64_t seed) : engine_(seed) {}

  void Fill(void* out, size_t size) override {
    auto* bytes = static_cast<unsigned char*>(out);
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
      const uint64_t word = engine_();
      std::memcpy(bytes + i, &word, std::min(sizeof word, size - i));
    }
  }

  // In [0, bound); bound > 0.
  size_t Below(size_t bound) { return engine_() % bound; }
  bool Chance(double probability) {
    return static_cast<double>(engine_() >> 11) * 0x1.0p-53 < probability;
  }
  // In [0, most].
  absl::Duration Upto(absl::Duration most) {
    return absl::Microseconds(
        static_cast<int64_t>(Below(static_cast<size_t>(absl::ToInt64Microseconds(most)) + 1)));
  }
  // One of `values`, which is not empty.
  template <class T>
  const T& Of(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SEEDED_CHOICES_H_
