#ifndef OTPGATE_TESTS_SIMULATION_OFFICE_H_
#define OTPGATE_TESTS_SIMULATION_OFFICE_H_

#include <utility>
#include <vector>

#include "storage/memory/database.h"
#include "tests/simulation/device.h"

namespace otpgate::sim {

// The admins: disable, enable, force logout, unlock, end codes, sign out everybody; and the one
// look at access tokens that needs no queue. One thread.
class Office {
 public:
  Office(Stage& stage, MemoryDatabase& database, Model& model, std::vector<SubjectKey> subjects)
      : stage_(stage), database_(database), model_(model), subjects_(std::move(subjects)) {}

  void Act();
  // Asks, as introspection of an access token does, whether a bearer is still signed in.
  void InspectSomebody();
  // Opens everything again.
  void OpenAll();

 private:
  void Send(AnyCommand command);
  void SignOutEverybody();

  Stage& stage_;
  MemoryDatabase& database_;
  Model& model_;
  const std::vector<SubjectKey> subjects_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_OFFICE_H_
