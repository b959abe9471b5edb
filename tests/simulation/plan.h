#ifndef OTPGATE_TESTS_SIMULATION_PLAN_H_
#define OTPGATE_TESTS_SIMULATION_PLAN_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "server/domain/bucket_rules.h"
#include "server/domain/otp_policy.h"
#include "server/domain/session_rules.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/dice.h"

namespace otpgate::sim {

// How one run looks: drawn from its seed, so that some runs are crowded, some broken, some calm.
struct Plan {
  uint64_t seed = 0;
  Bug bug = Bug::kNone;
  int steps = 4000;

  size_t servers = 2;
  size_t subjects = 3;
  size_t devices_per_subject = 1;
  size_t batch = 4;
  double drift = 0;            // at most, of a server's clocks, either way
  absl::Duration store_error;  // at most, of the store's clock, either way

  // Probabilities.
  double load_fails = 0;
  double write_fails = 0;
  double reply_lost = 0;
  double crash = 0;
  double outage = 0;
  double stall = 0;   // a long moment between two steps
  double attack = 0;  // the share of actions that are hostile
  double admin = 0;
  double clock_step = 0;   // of the store's clock
  double sends_ids = 0.5;  // devices that send request_id, always

  OtpPolicy otp;
  SessionPolicy session;
  BucketLimit bucket;
};

Plan DrawPlan(uint64_t seed, Bug bug, int steps);

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_PLAN_H_
