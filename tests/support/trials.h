#ifndef OTPGATE_TESTS_SUPPORT_TRIALS_H_
#define OTPGATE_TESTS_SUPPORT_TRIALS_H_

#include <cstdint>
#include <cstdlib>

namespace otpgate::support {

// The number of repetitions of a statistical or randomized test: `base`, times OTPGATE_TRIALS (a
// positive integer in the environment) in long runs.
inline int64_t Trials(int64_t base) {
  const char* factor = std::getenv("OTPGATE_TRIALS");
  const int64_t times = factor == nullptr ? 1 : std::strtoll(factor, nullptr, 10);
  return base * (times > 0 ? times : 1);
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_TRIALS_H_
