#ifndef OTPGATE_SERVER_DOMAIN_DECISION_H_
#define OTPGATE_SERVER_DOMAIN_DECISION_H_

#include "absl/time/time.h"

namespace otpgate::domain {

// What a rule decides. A rule is a pure function
//   Decision<Reply> Decide(const Command&, absl::Time now, State&, Effects&)
// Ids, codes and MACs are generated before and come with the command, so that a rule that runs
// again after a conflict uses the same ones.
template <class Reply>
struct Decision {
  Reply reply;
  // The rule changed the state or the effects, so the reply waits for the commit. A decision that
  // changed nothing, with no earlier change to the same key in the batch, is final at once.
  bool changed = false;
  // When the accepted code or token expires: the change must be committed before, else the decision
  // is made again.
  absl::Time valid_until = absl::InfiniteFuture();
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_DECISION_H_
