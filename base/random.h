#ifndef OTPGATE_BASE_RANDOM_H_
#define OTPGATE_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>

namespace otpgate {

// A source of random bytes, injected everywhere. Production uses crypto::SystemRandom (a CSPRNG);
// tests and the simulator use a seeded generator. Implementations are thread-safe.
class Random {
 public:
  virtual ~Random() = default;

  // Fills `out[0, size)`. Never fails: an implementation that cannot deliver ends the process,
  // because the alternative is guessable codes.
  virtual void Fill(void* out, size_t size) = 0;

  // Uniform over all 64-bit values.
  uint64_t Uint64() {
    uint64_t value;
    Fill(&value, sizeof value);
    return value;
  }
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_RANDOM_H_
