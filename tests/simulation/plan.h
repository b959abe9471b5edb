#ifndef OTPGATE_TESTS_SIMULATION_PLAN_H_
#define OTPGATE_TESTS_SIMULATION_PLAN_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
#include "server/domain/bucket_limit.h"
#include "server/domain/otp_policy.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/seeded_choices.h"

namespace otpgate::simulation {

// The parameters of one run, derived from its seed, so that runs differ in size, load and faults.
struct Plan {
  uint64_t seed = 0;
  Bug bug = Bug::kNone;
  int steps = 4000;

  size_t servers = 2;
  size_t subjects = 3;
  size_t devices_per_subject = 1;
  size_t batch = 4;
  double drift = 0;            // maximum rate error of a server's clock, either way
  absl::Duration store_error;  // maximum error of the store's clock, either way

  // Probabilities.
  double load_fails = 0;
  double write_fails = 0;
  double reply_lost = 0;
  double crash = 0;
  double outage = 0;
  double stall = 0;        // a long delay between two steps
  double attack = 0;       // of an action to be an attacker's
  double admin = 0;        // of an action to be an administrator's
  double clock_step = 0;   // a jump of the store's clock
  double sends_ids = 0.5;  // of a device to send request_id, with every call
  double verifies = 0.5;   // of a subject to be verified by a calling service, too

  domain::OtpPolicy otp;
  domain::BucketLimit bucket;
};

Plan DrawPlan(uint64_t seed, Bug bug, int steps);

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_PLAN_H_
