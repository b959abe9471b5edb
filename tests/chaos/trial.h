#ifndef OTPGATE_TESTS_CHAOS_TRIAL_H_
#define OTPGATE_TESTS_CHAOS_TRIAL_H_

#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "tests/chaos/checker.h"
#include "tests/chaos/fleet.h"
#include "tests/chaos/history.h"

namespace otpgate::chaos {

// What a fault may reach.
struct Target {
  Fleet& fleet;
  const History& history;
  std::mt19937_64& dice;
  int64_t& missed;  // faults that found nothing to hit count themselves here
};

// One fault from its beginning to its end: afterwards everything runs again, or will by itself.
using Fault = std::function<void(const Target&)>;

struct TrialOptions {
  std::string name;  // in the summary
  int64_t faults = 10;
  uint64_t seed = 1;
  CheckOptions check = {};
};

// Lets a workload run through faults, one after the other with calm between them, and heals. Fails
// the test for every violation; for somebody who never got in; when a server does not serve again;
// and when nothing happened or no fault hit anything. Appends one line to the summary
// (tests/support/summary.h).
void RunTrial(Fleet& fleet, const Fault& fault, const TrialOptions& options);

// Until clients were answered `calls` times more, for 2 seconds at most.
void LetRun(const History& history, size_t calls);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_TRIAL_H_
