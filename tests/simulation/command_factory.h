#ifndef OTPGATE_TESTS_SIMULATION_COMMAND_FACTORY_H_
#define OTPGATE_TESTS_SIMULATION_COMMAND_FACTORY_H_

#include <string>

#include "tests/simulation/call.h"
#include "tests/simulation/secrets.h"
#include "tests/simulation/seeded_choices.h"
#include "tests/simulation/sim_clock.h"

namespace otpgate::simulation {

// Makes commands as the gRPC layer of a server does. Every call gets new ids and a new code, even
// if it is a retry; ids contain the wall clock of some server. An empty `request_id` means that the
// command has none. One thread.
class CommandFactory {
 public:
  CommandFactory(SeededChoices& choices, const SimClock& clock)
      : choices_(choices), clock_(clock) {}

  domain::SubjectCommand Request(const storage::SubjectKey& subject, storage::Purpose purpose,
                                 const std::string& request_id);
  domain::SubjectCommand Resend(const Handle& handle, const std::string& request_id);
  domain::SubjectCommand Verify(const Handle& handle, const std::string& guess,
                                const std::string& request_id);
  domain::SubjectCommand Unlock(const storage::SubjectKey& subject);
  domain::SubjectCommand Void(const storage::SubjectKey& subject);
  domain::SessionCommand Refresh(const Token& token, const std::string& request_id);
  domain::SessionCommand SignOut(const Token& token);
  domain::SessionCommand Inspect(const Token& token);
  domain::UserCommand SignOutEverywhere(const Token& token);
  domain::UserCommand ForceLogout(const UserId& user);
  domain::UserCommand SetDisabled(const UserId& user, bool disabled);

  std::string DrawRequestId();
  std::string DrawDigits();

 private:
  template <class Tag>
  Id<Tag> Draw() {
    return NewId<Tag>(clock_.WallOf(choices_.Below(clock_.servers())), choices_);
  }
  domain::PreparedCode MakeCode();
  domain::Origin OriginOf(const char* method, const std::string& request_id,
                          const std::string& payload);

  SeededChoices& choices_;
  const SimClock& clock_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_COMMAND_FACTORY_H_
