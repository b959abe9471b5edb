#ifndef OTPGATE_TESTS_SIMULATION_WEATHER_H_
#define OTPGATE_TESTS_SIMULATION_WEATHER_H_

#include <vector>

#include "absl/time/time.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/sim_clock.h"

namespace otpgate::sim {

enum class WriteFault {
  kNone,
  kUnavailable,
  kAborted,
  kDeadlineExceeded,
  kUnknownDone,
  kUnknownNotDone,
  kUnknownHanging,  // the COMMIT is under way: it holds its rows and takes hold later, or dies
};

// What goes wrong between the servers and the store. One thread.
class Weather {
 public:
  Weather(const Plan& plan, Dice& dice, const SimClock& clock, Counts& counts)
      : plan_(plan), dice_(dice), clock_(clock), counts_(counts), away_until_(plan.servers) {}

  // Calm from now on.
  void Clear() { clear_ = true; }

  // The store is out of reach for one server, or for all.
  void StartOutage();

  bool LoadFails(size_t server);
  // A row keeps changing while it is read.
  bool LoadIsRestless();
  WriteFault NextWrite(size_t server);
  void NoteConflict() { ++counts_.conflicts; }

  // When a COMMIT that hangs ends, and whether it takes hold.
  absl::Time HangEnds() { return clock_.Now() + dice_.Upto(absl::Seconds(1)); }
  bool HangTakesHold() { return dice_.Chance(0.6); }

 private:
  bool IsAway(size_t server) const { return !clear_ && clock_.Now() < away_until_[server]; }

  const Plan& plan_;
  Dice& dice_;
  const SimClock& clock_;
  Counts& counts_;
  std::vector<absl::Time> away_until_;
  bool clear_ = false;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_WEATHER_H_
