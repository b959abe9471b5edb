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

// What a fault may use.
struct Target {
  Fleet& fleet;
  const History& history;
  std::mt19937_64& choices;
  int64_t& missed;  // incremented by faults that found nothing to hit
};

// Injects one fault and ends it. Afterwards everything works again, or will without help.
using Fault = std::function<void(const Target&)>;

struct TrialOptions {
  std::string name;  // in the summary
  int64_t faults = 10;
  uint64_t seed = 1;
  CheckOptions check = {};
};

// Runs a workload while faults happen one after the other, with pauses between them. Afterwards
// checks the history and the final state. Fails the test for every violation, if somebody could
// never sign in, if a server does not serve again, if too little happened, and if no fault hit
// anything. Appends one line to the summary (tests/support/summary.h).
void RunTrial(Fleet& fleet, const Fault& fault, const TrialOptions& options);

// Waits until `calls` further calls have ended, for 2 seconds at most.
void LetRun(const History& history, size_t calls);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_TRIAL_H_
