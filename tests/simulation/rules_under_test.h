#ifndef OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_
#define OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_

#include "server/domain/bucket_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/subject_rules.h"
#include "server/domain/user_rules.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/plan.h"

// The real rules, each behind a thin shell that can plant one bug. Without a bug a shell passes
// everything on; only a rotation gets an audit event of its own, so that what was committed names
// the call.
namespace otpgate::sim {

class SubjectShell : public SubjectRules {
 public:
  explicit SubjectShell(const Plan& plan);

  Decision<Reply> Decide(const Command& command, absl::Time now, SubjectState& state,
                         SubjectEffects& effects) const;

 private:
  const Bug bug_;
};

class SessionShell : public SessionRules {
 public:
  explicit SessionShell(const Plan& plan);

  Decision<Reply> Decide(const Command& command, absl::Time now, SessionState& state,
                         SessionEffects& effects) const;

 private:
  const Bug bug_;
};

class UserShell : public UserRules {
 public:
  explicit UserShell(const Plan& plan) : bug_(plan.bug) {}

  Decision<Reply> Decide(const Command& command, absl::Time now, UserState& state,
                         UserEffects& effects) const;

 private:
  const Bug bug_;
};

class BucketShell : public BucketRules {
 public:
  explicit BucketShell(const Plan& plan) : bug_(plan.bug) {}

  Decision<Reply> Decide(const Command& command, absl::Time now, BucketState& state,
                         BucketEffects& effects) const;

 private:
  const Bug bug_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_
