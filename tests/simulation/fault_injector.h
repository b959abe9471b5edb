#ifndef OTPGATE_TESTS_SIMULATION_FAULT_INJECTOR_H_
#define OTPGATE_TESTS_SIMULATION_FAULT_INJECTOR_H_

#include <vector>

#include "absl/time/time.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/seeded_choices.h"
#include "tests/simulation/sim_clock.h"

namespace otpgate::simulation {

// How a write fails. kUnknown*: the COMMIT got no answer.
enum class WriteFault {
  kNone,
  kUnavailable,
  kAborted,
  kDeadlineExceeded,
  kUnknownDone,      // the COMMIT was applied
  kUnknownNotDone,   // the COMMIT was not applied
  kUnknownInFlight,  // locks its rows; the COMMIT is applied or dropped later
};

// Decides what fails between the servers and the store. One thread.
class FaultInjector {
 public:
  FaultInjector(const Plan& plan, SeededChoices& choices, const SimClock& clock, Counts& counts)
      : plan_(plan),
        choices_(choices),
        clock_(clock),
        counts_(counts),
        unreachable_until_(plan.servers) {}

  // From now on nothing fails.
  void Stop() { stopped_ = true; }

  // The store is unreachable for one server, or for all, for up to 20 seconds.
  void StartOutage();

  bool LoadFails(size_t server);
  // A load fails because a row keeps changing while it is read.
  bool RowKeepsChanging();
  WriteFault NextWrite(size_t server);
  void NoteConflict() { ++counts_.conflicts; }

  // When an in-flight COMMIT ends, and whether it is applied.
  absl::Time InFlightEnds() { return clock_.Now() + choices_.Upto(absl::Seconds(1)); }
  bool InFlightIsApplied() { return choices_.Chance(0.6); }

 private:
  bool IsUnreachable(size_t server) const {
    return !stopped_ && clock_.Now() < unreachable_until_[server];
  }

  const Plan& plan_;
  SeededChoices& choices_;
  const SimClock& clock_;
  Counts& counts_;
  std::vector<absl::Time> unreachable_until_;
  bool stopped_ = false;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_FAULT_INJECTOR_H_
