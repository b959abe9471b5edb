#include "tests/simulation/plan.h"

namespace otpgate::sim {
namespace {

// Often nothing at all, so that what remains is seen alone.
double Rate(Dice& dice, double most) {
  return dice.Chance(0.3) ? 0 : most * static_cast<double>(1 + dice.Below(10)) / 10;
}

void DrawPolicies(Dice& dice, Plan& plan) {
  if (dice.Chance(0.6)) {
    plan.otp.wait_from_failures = 4 + static_cast<int>(dice.Below(6));
    plan.otp.disable_at_failures = plan.otp.wait_from_failures + static_cast<int>(dice.Below(8));
  }
  if (dice.Chance(0.5)) {
    plan.otp.session_idle = absl::Hours(3);
    plan.otp.session_absolute = absl::Hours(8);
  }
  plan.session.idle = plan.otp.session_idle;
  plan.bucket = {.interval = absl::Seconds(6), .burst = 2 + static_cast<int>(dice.Below(8))};
}

}  // namespace

Plan DrawPlan(uint64_t seed, Bug bug, int steps) {
  Dice dice(seed ^ 0x5eed);
  Plan plan;
  plan.seed = seed;
  plan.bug = bug;
  plan.steps = steps;
  plan.servers = 1 + dice.Below(4);
  plan.subjects = 1 + dice.Below(4);
  plan.devices_per_subject = 1 + dice.Below(2);
  plan.batch = 1 + dice.Below(8);
  plan.load_fails = Rate(dice, 0.05);
  plan.write_fails = Rate(dice, 0.25);
  plan.reply_lost = Rate(dice, 0.3);
  plan.crash = Rate(dice, 0.01);
  plan.outage = Rate(dice, 0.002);
  plan.stall = Rate(dice, 0.01);
  plan.attack = Rate(dice, 0.6);
  plan.admin = Rate(dice, 0.03);
  DrawPolicies(dice, plan);
  plan.drift = Rate(dice, 500e-6);  // as much as a machine that is kept in time may drift
  if (dice.Chance(0.5)) {
    plan.store_error = absl::Milliseconds(1 + dice.Below(2000));
    plan.clock_step = 0.01;
  }
  return plan;
}

}  // namespace otpgate::sim
