#ifndef OTPGATE_TESTS_BENCH_STRESS_OVERLOAD_H_
#define OTPGATE_TESTS_BENCH_STRESS_OVERLOAD_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/stress/outcomes.h"

namespace otpgate::bench {

struct OverloadPlan {
  std::string server_program;  // otpgate-bench-server
  // Slow the server down, so that a load generator on the same machine can offer ten times its
  // capacity: one command and one commit at a time.
  std::vector<std::string> flags = {"--engine.workers=1", "--engine.batch=1"};
  // Settings of PostgreSQL: every commit waits for 2 ms, as on a slow disk.
  std::vector<std::pair<std::string, std::string>> settings = {{"commit_delay", "2000"},
                                                               {"commit_siblings", "0"}};
  // The length of the queue, in seconds of work. The queues of a server at full speed hold about
  // one.
  double queue_seconds = 1;
  double factor = 10;                       // of the capacity, offered during the overload
  double normal_share = 0.5;                // offered before and after
  absl::Duration calm = absl::Seconds(10);  // before the overload
  absl::Duration overload = absl::Seconds(60);
  absl::Duration recovery = absl::Seconds(20);  // observed after the overload
  absl::Duration capacity = absl::Seconds(3);   // of each of the three measurements of the capacity
};

struct OverloadReport {
  std::vector<std::string> flags;
  double capacity_per_second = 0;  // of a closed loop
  double normal_per_second = 0;    // offered before and after
  double offered_per_second = 0;   // begun during the overload
  double served_per_second = 0;    // of these
  Tally tally;                     // of these
  double refusal_p50_ms = 0;       // from the call to the refusal
  double refusal_p99_ms = 0;
  double served_p99_ms = 0;    // of those that were not refused
  double lateness_p99_ms = 0;  // of the load generator, during the overload
  double before_p99_ms = 0;
  double limit_p99_ms = 0;  // of the slowest half second before the overload
  double after_p99_ms = 0;  // from `back_after` on, or from the end of the overload
  std::optional<absl::Duration>
      back_after;               // from the end of the overload until latency is as before
  double memory_before_mb = 0;  // resident memory of the server
  double memory_most_mb = 0;
  double memory_after_mb = 0;
};

// Measures code requests in one open loop: at a share of the capacity, at a multiple of it, and at
// the share again. Errors are those of PostgreSQL and the server at their start, and any answer
// other than OK, RESOURCE_EXHAUSTED and DEADLINE_EXCEEDED.
absl::StatusOr<OverloadReport> MeasureOverload(const OverloadPlan& plan);

std::string JsonOf(const OverloadReport& report);
std::string TextOf(const OverloadReport& report);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_OVERLOAD_H_
