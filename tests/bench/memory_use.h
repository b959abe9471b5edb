#ifndef OTPGATE_TESTS_BENCH_MEMORY_USE_H_
#define OTPGATE_TESTS_BENCH_MEMORY_USE_H_

#include <sys/types.h>

#include "absl/status/statusor.h"

namespace otpgate::bench {

// Resident memory of a process in MiB.
struct MemoryUse {
  double now = 0;
  double most = 0;  // the maximum so far
};

// NOT_FOUND: no such process. Linux only.
absl::StatusOr<MemoryUse> MemoryUseOf(pid_t pid);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_MEMORY_USE_H_
