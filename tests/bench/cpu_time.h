#ifndef OTPGATE_TESTS_BENCH_CPU_TIME_H_
#define OTPGATE_TESTS_BENCH_CPU_TIME_H_

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace otpgate::bench {

// User and system time of a running process, including threads that have ended, to the nanosecond.
// NOT_FOUND: no such process.
absl::StatusOr<absl::Duration> CpuTimeOf(pid_t pid);

// The same for the calling thread.
absl::Duration CpuTimeOfThisThread();

// The same for a process and all its children, without the child `except`: a postmaster with its
// backends and auxiliary processes, but without the backend of the bench itself. Children that have
// ended and were waited for are included, to the clock tick. Linux only.
absl::StatusOr<absl::Duration> CpuTimeOfFamily(pid_t parent, pid_t except);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_CPU_TIME_H_
