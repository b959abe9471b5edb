#ifndef OTPGATE_TESTS_SIMULATION_MAKER_H_
#define OTPGATE_TESTS_SIMULATION_MAKER_H_

#include <string>

#include "tests/simulation/call.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/secrets.h"
#include "tests/simulation/sim_clock.h"

namespace otpgate::sim {

// Makes commands as the front of any server does, by its wall clock: ids and codes are drawn for
// every call, also for a retry. An empty `request_id` sends none. One thread.
class Maker {
 public:
  Maker(Dice& dice, const SimClock& clock) : dice_(dice), clock_(clock) {}

  SubjectCommand Request(const SubjectKey& subject, const std::string& request_id);
  SubjectCommand Resend(const Handle& handle, const std::string& request_id);
  SubjectCommand Verify(const Handle& handle, const std::string& guess,
                        const std::string& request_id);
  SubjectCommand Unlock(const SubjectKey& subject);
  SubjectCommand Void(const SubjectKey& subject);
  SessionCommand Refresh(const Token& token, const std::string& request_id);
  SessionCommand SignOut(const Token& token);
  SessionCommand Inspect(const Token& token);
  UserCommand SignOutEverywhere(const Token& token);
  UserCommand ForceLogout(const UserId& user);
  UserCommand SetDisabled(const UserId& user, bool disabled);

  std::string DrawRequestId();
  std::string DrawDigits();

 private:
  template <class Tag>
  Id<Tag> Draw() {
    return NewId<Tag>(clock_.WallOf(dice_.Below(clock_.servers())), dice_);
  }
  DrawnCode DrawCode();
  Origin OriginOf(const char* method, const std::string& request_id, const std::string& payload);

  Dice& dice_;
  const SimClock& clock_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_MAKER_H_
