#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "tests/simulation/run.h"

// otpgate-simulate [--seconds N | --runs N] [--seed S] [--steps N] [--bug NAME]
//
// Runs seeds S, S+1, ... for N seconds or N runs, and prints how often things happened. Ends with 1
// at the first broken promise, after printing the last steps and how to replay the run.
namespace otpgate::simulation {
namespace {

struct Options {
  int64_t seconds = 10;
  int64_t runs = std::numeric_limits<int64_t>::max();
  uint64_t seed = 1;
  int steps = kStepsPerRun;
  Bug bug = Bug::kNone;
};

int Usage() {
  std::fprintf(stderr,
               "otpgate-simulate [--seconds N | --runs N] [--seed S] [--steps N] [--bug NAME]\n");
  return 2;
}

bool Read(absl::string_view name, absl::string_view value, Options& options) {
  if (name == "--seconds") return absl::SimpleAtoi(value, &options.seconds);
  if (name == "--seed") return absl::SimpleAtoi(value, &options.seed);
  if (name == "--steps") return absl::SimpleAtoi(value, &options.steps);
  if (name == "--runs") {
    options.seconds = std::numeric_limits<int32_t>::max();
    return absl::SimpleAtoi(value, &options.runs);
  }
  const std::optional<Bug> bug = name == "--bug" ? BugFrom(value) : std::nullopt;
  options.bug = bug.value_or(Bug::kNone);
  return bug.has_value();
}

int Cover(const Options& options) {
  const SystemClock clock;
  const absl::Duration end = clock.Steady() + absl::Seconds(options.seconds);
  Counts counts;
  uint64_t hash = 0;
  for (int64_t i = 0; i < options.runs && clock.Steady() < end; ++i) {
    const RunResult result =
        Simulate(options.seed + static_cast<uint64_t>(i), options.bug, options.steps);
    counts.Add(result.counts);
    hash = hash * 31 + result.hash;
    if (!result.violation) continue;
    std::printf("%s", result.report.c_str());
    break;
  }
  std::printf("%s\ntrace hash %016lx\n", counts.ToText().c_str(), static_cast<unsigned long>(hash));
  return counts.violations == 0 ? 0 : 1;
}

}  // namespace
}  // namespace otpgate::simulation

int main(int argc, char** argv) {
  otpgate::simulation::Options options;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 >= argc || !otpgate::simulation::Read(argv[i], argv[i + 1], options)) {
      return otpgate::simulation::Usage();
    }
  }
  return otpgate::simulation::Cover(options);
}
