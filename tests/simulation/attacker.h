#ifndef OTPGATE_TESTS_SIMULATION_ATTACKER_H_
#define OTPGATE_TESTS_SIMULATION_ATTACKER_H_

#include <utility>
#include <vector>

#include "tests/simulation/device.h"

namespace otpgate::simulation {

// The attackers: they guess codes, replay codes and tokens, exhaust rate limits and reuse the
// request_ids of others. One thread.
class Attacker {
 public:
  Attacker(ActorContext& context, const Plan& plan, std::vector<storage::SubjectKey> subjects)
      : context_(context), plan_(plan), subjects_(std::move(subjects)) {}

  void Act();

 private:
  void Send(AnyCommand command);
  void Ask();
  Handle HandleOrSubjectOnly(const Handle& handle);
  void Guess();
  void ReplayCode();
  void ReplayToken();
  void ReuseRequestId();
  void Flood();

  ActorContext& context_;
  const Plan& plan_;
  const std::vector<storage::SubjectKey> subjects_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_ATTACKER_H_
