#ifndef OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_
#define OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_

#include <utility>

#include "tests/simulation/rules_under_test.h"
#include "tests/simulation/seeded_choices.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/sim_store.h"
#include "tests/simulation/worker.h"

namespace otpgate::simulation {

// What all servers share. Outlives them.
struct ServerContext {
  const Plan& plan;
  SeededChoices& choices;
  SimClock& clock;
  const SubjectRulesUnderTest subject_rules{plan};
  const SessionRulesUnderTest session_rules{plan};
  const UserRulesUnderTest user_rules{plan};
  const BucketRulesUnderTest bucket_rules{plan};
  SharedStore<storage::Subject> subjects{};
  SharedStore<storage::Session> sessions{};
  SharedStore<storage::User> users{};
  SharedStore<storage::Bucket> buckets{};
};

// A server: a queue, a worker and a store for each kind of row. Destroying it is a crash: commands
// without an answer are lost. One thread.
class SimServer {
 public:
  SimServer(ServerContext& context, size_t index)
      : context_(context),
        index_(index),
        subjects_(context, context.subject_rules, context.subjects, index),
        sessions_(context, context.session_rules, context.sessions, index),
        users_(context, context.user_rules, context.users, index),
        buckets_(context, context.bucket_rules, context.buckets, index) {}

  void Submit(engine::Pending<SubjectRulesUnderTest> command) {
    subjects_.worker.Submit(std::move(command));
  }
  void Submit(engine::Pending<SessionRulesUnderTest> command) {
    sessions_.worker.Submit(std::move(command));
  }
  void Submit(engine::Pending<UserRulesUnderTest> command) {
    users_.worker.Submit(std::move(command));
  }
  void Submit(engine::Pending<BucketRulesUnderTest> command) {
    buckets_.worker.Submit(std::move(command));
  }

  bool busy() const {
    return subjects_.worker.busy() || sessions_.worker.busy() || users_.worker.busy() ||
           buckets_.worker.busy();
  }

  // Runs one step of a random busy worker and says what it was. Requires busy().
  const char* Step() {
    context_.clock.LetAct(index_);
    while (true) {
      switch (context_.choices.Below(4)) {
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
    Part(ServerContext& context, const Rules& rules, SharedStore<A>& shared, size_t index)
        : store(shared, index),
          worker(rules, store, {.capacity = 32, .per_key = 12, .batch = context.plan.batch},
                 context.clock, context.choices, context.plan.bug) {}
    SimStore<A> store;
    Worker<Rules> worker;
  };

  ServerContext& context_;
  const size_t index_;
  Part<SubjectRulesUnderTest> subjects_;
  Part<SessionRulesUnderTest> sessions_;
  Part<UserRulesUnderTest> users_;
  Part<BucketRulesUnderTest> buckets_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SIM_SERVER_H_
