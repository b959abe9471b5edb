#ifndef OTPGATE_TESTS_SIMULATION_WORLD_H_
#define OTPGATE_TESTS_SIMULATION_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/admin_actor.h"
#include "tests/simulation/attacker.h"
#include "tests/simulation/cleanup_actor.h"
#include "tests/simulation/device.h"

namespace otpgate::simulation {

// A whole deployment in one thread: servers on one store, honest users, attackers, administrators,
// faults and clocks. The seed of the plan decides every step. One thread.
class World {
 public:
  explicit World(const Plan& plan);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void Step();
  // Stops all faults, then requires that all pending work ends and that everybody can sign in.
  void Finish();

  const std::optional<std::string>& violation() const { return model_.violation(); }
  const Trace& trace() const { return trace_; }
  const Counts& counts() const { return counts_; }

 private:
  template <class A>
  InFlightCommits<A> MakeInFlightCommits() {
    return InFlightCommits<A>(database_, [this](const storage::Change<A>& change, absl::Time sent) {
      Committed(change, sent);
    });
  }
  template <class A>
  SharedStore<A> MakeSharedStore(InFlightCommits<A>& in_flight);
  template <class A>
  void Committed(const storage::Change<A>& change, absl::Time sent);
  std::vector<storage::SubjectKey> Subjects() const;
  void EndDueCommits();
  bool IsIdle() const;
  void LetTimePass();
  void InjectFaults();
  void LetOneActorAct();
  void Drain();
  void SignInOnce(const storage::SubjectKey& subject);

  const Plan plan_;
  bool faults_stopped_ = false;  // since Finish
  SeededChoices choices_;
  SimClock clock_;
  Counts counts_;
  Trace trace_;
  storage::memory::MemoryDatabase database_;
  Model model_;
  FaultInjector faults_;
  Secrets secrets_;
  InFlightCommits<storage::Subject> in_flight_subjects_;
  InFlightCommits<storage::Session> in_flight_sessions_;
  InFlightCommits<storage::User> in_flight_users_;
  InFlightCommits<storage::Bucket> in_flight_buckets_;
  ServerContext server_context_;
  Network network_;
  CommandFactory commands_;
  ActorContext actor_context_;
  Attacker attacker_;
  AdminActor admin_;
  CleanupActor cleanup_;
  std::vector<std::unique_ptr<Device>> devices_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_WORLD_H_
