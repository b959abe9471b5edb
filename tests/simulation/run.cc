#include "tests/simulation/run.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/world.h"

namespace otpgate::simulation {
namespace {

std::string Report(const Plan& plan, const World& world) {
  return absl::StrCat(
      "seed ", plan.seed, ", step ", world.counts().steps, ": ", *world.violation(), "\n",
      absl::StrJoin(world.trace().LastSteps(), "\n"),
      "\nreplay: tests/simulation/otpgate-simulate --runs 1 --seed ", plan.seed, " --steps ",
      plan.steps, plan.bug == Bug::kNone ? "" : absl::StrCat(" --bug ", NameOf(plan.bug)), "\n");
}

}  // namespace

RunResult Simulate(uint64_t seed, Bug bug, int steps) {
  const Plan plan = DrawPlan(seed, bug, steps);
  World world(plan);
  for (int i = 0; i < steps && !world.violation(); ++i) world.Step();
  if (!world.violation()) world.Finish();
  RunResult result{.hash = world.trace().hash(),
                   .counts = world.counts(),
                   .violation = world.violation(),
                   .report = {}};
  if (result.violation) {
    result.counts.violations = 1;
    result.report = Report(plan, world);
  }
  return result;
}

}  // namespace otpgate::simulation
