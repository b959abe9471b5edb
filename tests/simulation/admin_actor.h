#ifndef OTPGATE_TESTS_SIMULATION_ADMIN_ACTOR_H_
#define OTPGATE_TESTS_SIMULATION_ADMIN_ACTOR_H_

#include <utility>
#include <vector>

#include "storage/memory/database.h"
#include "tests/simulation/device.h"

namespace otpgate::simulation {

// The administrators: they disable and enable accounts, force logouts, unlock subjects, end pending
// codes and sign out everybody. Also inspects access tokens, because that read needs no queue. One
// thread.
class AdminActor {
 public:
  AdminActor(ActorContext& context, storage::memory::MemoryDatabase& database, Model& model,
             std::vector<storage::SubjectKey> subjects)
      : context_(context), database_(database), model_(model), subjects_(std::move(subjects)) {}

  void Act();
  // Reads whether a session is still valid, as introspection of its access token does.
  void InspectToken();
  // Unlocks every subject and enables every account.
  void UnlockAndEnableAll();

 private:
  void Send(AnyCommand command);
  void SignOutEverybody();

  ActorContext& context_;
  storage::memory::MemoryDatabase& database_;
  Model& model_;
  const std::vector<storage::SubjectKey> subjects_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_ADMIN_ACTOR_H_
