#ifndef OTPGATE_TESTS_SIMULATION_WORLD_H_
#define OTPGATE_TESTS_SIMULATION_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/device.h"
#include "tests/simulation/hostile.h"
#include "tests/simulation/janitor.h"
#include "tests/simulation/office.h"

namespace otpgate::sim {

// A whole production in one thread: servers on one store, honest users, attackers, admins,
// accidents and the clock. Every step is drawn from the plan's seed.
class World {
 public:
  explicit World(const Plan& plan);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void Step();
  // The weather clears: whatever waits must come to an end, and everybody must be able to sign in.
  void Finish();

  const std::optional<std::string>& violation() const { return model_.violation(); }
  const Trace& trace() const { return trace_; }
  const Counts& counts() const { return counts_; }

 private:
  template <class A>
  Hanging<A> MakeHanging() {
    return Hanging<A>(
        database_, [this](const Change<A>& change, absl::Time sent) { Committed(change, sent); });
  }
  template <class A>
  Sea<A> MakeSea(Hanging<A>& hanging);
  template <class A>
  void Committed(const Change<A>& change, absl::Time sent);
  std::vector<SubjectKey> Subjects() const;
  void EndHanging();
  bool Quiet() const;
  void LetTimePass();
  void Accidents();
  void SomebodyActs();
  void Drain();
  void SignInOnce(const SubjectKey& subject);

  const Plan plan_;
  bool fair_ = false;  // nothing goes wrong any more
  Dice dice_;
  SimClock clock_;
  Counts counts_;
  Trace trace_;
  MemoryDatabase database_;
  Model model_;
  Weather weather_;
  Secrets secrets_;
  Hanging<Subject> hanging_subjects_;
  Hanging<Session> hanging_sessions_;
  Hanging<User> hanging_users_;
  Hanging<Bucket> hanging_buckets_;
  Commons commons_;
  Network network_;
  Maker maker_;
  Stage stage_;
  Hostile hostile_;
  Office office_;
  Janitor janitor_;
  std::vector<std::unique_ptr<Device>> devices_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_WORLD_H_
