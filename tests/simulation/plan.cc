#include "tests/simulation/plan.h"

namespace otpgate::simulation {
namespace {

// Often 0, so that other faults are also seen without this one.
double Rate(SeededChoices& choices, double most) {
  return choices.Chance(0.3) ? 0 : most * static_cast<double>(1 + choices.Below(10)) / 10;
}

void DrawPolicies(SeededChoices& choices, Plan& plan) {
  if (choices.Chance(0.6)) {
    plan.otp.wait_from_failures = 4 + static_cast<int>(choices.Below(6));
    plan.otp.disable_at_failures = plan.otp.wait_from_failures + static_cast<int>(choices.Below(8));
  }
  if (choices.Chance(0.5)) {
    plan.otp.session.idle = absl::Hours(3);
    plan.otp.session.absolute = absl::Hours(8);
  }
  plan.bucket = {.interval = absl::Seconds(6), .burst = 2 + static_cast<int>(choices.Below(8))};
}

}  // namespace

Plan DrawPlan(uint64_t seed, Bug bug, int steps) {
  SeededChoices choices(seed ^ 0x5eed);
  Plan plan;
  plan.seed = seed;
  plan.bug = bug;
  plan.steps = steps;
  plan.servers = 1 + choices.Below(4);
  plan.subjects = 1 + choices.Below(4);
  plan.devices_per_subject = 1 + choices.Below(2);
  plan.batch = 1 + choices.Below(8);
  plan.load_fails = Rate(choices, 0.05);
  plan.write_fails = Rate(choices, 0.25);
  plan.reply_lost = Rate(choices, 0.3);
  plan.crash = Rate(choices, 0.01);
  plan.outage = Rate(choices, 0.002);
  plan.stall = Rate(choices, 0.01);
  plan.attack = Rate(choices, 0.6);
  plan.admin = Rate(choices, 0.03);
  DrawPolicies(choices, plan);
  plan.drift = Rate(choices, 500e-6);  // as much as NTP lets a clock drift
  if (choices.Chance(0.5)) {
    plan.store_error = absl::Milliseconds(1 + choices.Below(2000));
    plan.clock_step = 0.01;
  }
  return plan;
}

}  // namespace otpgate::simulation
