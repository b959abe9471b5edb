#ifndef OTPGATE_TESTS_BENCH_CPU_TIME_H_
#define OTPGATE_TESTS_BENCH_CPU_TIME_H_

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace otpgate::bench {

// User and system time a running process has used, threads that ended included, to the nanosecond.
// NOT_FOUND: no such process.
absl::StatusOr<absl::Duration> CpuTimeOf(pid_t pid);

// The same of the thread that asks.
absl::Duration CpuTimeOfThisThread();

// The same over a parent and all its children, those that ended and were waited for included (these
// to the clock tick), but for the child `except`: a postmaster with its backends, writers and
// checkpointer, without the backend of whoever measures. Linux only.
absl::StatusOr<absl::Duration> CpuTimeOfFamily(pid_t parent, pid_t except);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_CPU_TIME_H_
