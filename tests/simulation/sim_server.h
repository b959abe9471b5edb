#ifndef OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_
#define OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_

#include <utility>

#include "tests/simulation/dice.h"
#include "tests/simulation/rules_under_test.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/sim_store.h"
#include "tests/simulation/worker.h"

namespace otpgate::sim {

// What all servers share; outlives them.
struct Commons {
  const Plan& plan;
  Dice& dice;
  SimClock& clock;
  const SubjectShell subject_rules{plan};
  const SessionShell session_rules{plan};
  const UserShell user_rules{plan};
  const BucketShell bucket_rules{plan};
  Sea<Subject> subjects{};
  Sea<Session> sessions{};
  Sea<User> users{};
  Sea<Bucket> buckets{};
};

// One server: a queue, a worker and a store for every kind of row. Destroying it is a crash: what
// it was asked and has not answered is gone. One thread.
class SimServer {
 public:
  SimServer(Commons& commons, size_t index)
      : commons_(commons),
        index_(index),
        subjects_(commons, commons.subject_rules, commons.subjects, index),
        sessions_(commons, commons.session_rules, commons.sessions, index),
        users_(commons, commons.user_rules, commons.users, index),
        buckets_(commons, commons.bucket_rules, commons.buckets, index) {}

  void Submit(Pending<SubjectShell> command) { subjects_.worker.Submit(std::move(command)); }
  void Submit(Pending<SessionShell> command) { sessions_.worker.Submit(std::move(command)); }
  void Submit(Pending<UserShell> command) { users_.worker.Submit(std::move(command)); }
  void Submit(Pending<BucketShell> command) { buckets_.worker.Submit(std::move(command)); }

  bool busy() const {
    return subjects_.worker.busy() || sessions_.worker.busy() || users_.worker.busy() ||
           buckets_.worker.busy();
  }

  // One step of one worker that has something to do. Call while busy.
  const char* Step() {
    commons_.clock.LetAct(index_);
    while (true) {
      switch (commons_.dice.Below(4)) {
        case 0:
          if (subjects_.worker.busy()) return subjects_.worker.Step();
          break;
        case 1:
          if (sessions_.worker.busy()) return sessions_.worker.Step();
          break;
        case 2:
          if (users_.worker.busy()) return users_.worker.Step();
          break;
        default:
          if (buckets_.worker.busy()) return buckets_.worker.Step();
      }
    }
  }

 private:
  template <class Rules>
  struct Part {
    using A = typename Rules::Aggregate;
    Part(Commons& commons, const Rules& rules, Sea<A>& sea, size_t index)
        : store(sea, index),
          worker(rules, store, {.capacity = 32, .per_key = 12, .batch = commons.plan.batch},
                 commons.clock, commons.dice, commons.plan.bug) {}
    SimStore<A> store;
    Worker<Rules> worker;
  };

  Commons& commons_;
  const size_t index_;
  Part<SubjectShell> subjects_;
  Part<SessionShell> sessions_;
  Part<UserShell> users_;
  Part<BucketShell> buckets_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_
