#ifndef OTPGATE_TESTS_SIMULATION_HOSTILE_H_
#define OTPGATE_TESTS_SIMULATION_HOSTILE_H_

#include <utility>
#include <vector>

#include "tests/simulation/device.h"

namespace otpgate::sim {

// Everybody who does not want the best: guesses, replays codes and tokens, floods, plays with other
// people's request_ids. One thread.
class Hostile {
 public:
  Hostile(Stage& stage, const Plan& plan, std::vector<SubjectKey> subjects)
      : stage_(stage), plan_(plan), subjects_(std::move(subjects)) {}

  void Act();

 private:
  void Send(AnyCommand command);
  void Ask();
  Handle MayHold(const Handle& handle);
  void Guess();
  void ReplayCode();
  void ReplayToken();
  void ReuseRequestId();
  void Flood();

  Stage& stage_;
  const Plan& plan_;
  const std::vector<SubjectKey> subjects_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_HOSTILE_H_
