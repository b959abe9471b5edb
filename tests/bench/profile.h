#ifndef OTPGATE_TESTS_BENCH_PROFILE_H_
#define OTPGATE_TESTS_BENCH_PROFILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace otpgate::bench {

struct ProfilePlan {
  std::string server_program;  // otpgate-bench-server
  std::string data_file;       // for `perf report -i`
  int concurrency = 64;
  absl::Duration duration = absl::Seconds(10);
};

// Records with perf where the CPU time of a server goes while people sign in. Samples by the clock,
// because virtual machines have no hardware counters. INTERNAL: perf does not run. Other errors are
// those of the first refused call, or of PostgreSQL and the server at their start.
absl::Status RecordProfile(const ProfilePlan& plan);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_PROFILE_H_
