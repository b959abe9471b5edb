#ifndef OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_
#define OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_

#include "server/domain/bucket_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/subject_rules.h"
#include "server/domain/user_rules.h"
#include "tests/simulation/bug.h"
#include "tests/simulation/plan.h"

// The real rules, each with the planted bug of the plan. Without a bug they decide as the real ones
// do. The only difference is that a rotation always leaves an audit event, so that the model knows
// the call behind the commit. Immutable.
namespace otpgate::simulation {

class SubjectRulesUnderTest : public domain::SubjectRules {
 public:
  explicit SubjectRulesUnderTest(const Plan& plan);

  domain::Decision<Reply> Decide(const Command& command, absl::Time now,
                                 storage::SubjectState& state,
                                 storage::SubjectEffects& effects) const;

 private:
  const Bug bug_;
};

class SessionRulesUnderTest : public domain::SessionRules {
 public:
  explicit SessionRulesUnderTest(const Plan& plan);

  domain::Decision<Reply> Decide(const Command& command, absl::Time now,
                                 storage::SessionState& state,
                                 storage::SessionEffects& effects) const;

 private:
  const Bug bug_;
};

class UserRulesUnderTest : public domain::UserRules {
 public:
  explicit UserRulesUnderTest(const Plan& plan) : bug_(plan.bug) {}

  domain::Decision<Reply> Decide(const Command& command, absl::Time now, storage::UserState& state,
                                 storage::UserEffects& effects) const;

 private:
  const Bug bug_;
};

class BucketRulesUnderTest : public domain::BucketRules {
 public:
  explicit BucketRulesUnderTest(const Plan& plan) : bug_(plan.bug) {}

  domain::Decision<Reply> Decide(const Command& command, absl::Time now,
                                 storage::BucketState& state,
                                 storage::BucketEffects& effects) const;

 private:
  const Bug bug_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_RULES_UNDER_TEST_H_
