#ifndef OTPGATE_SERVER_DOMAIN_DECISION_H_
#define OTPGATE_SERVER_DOMAIN_DECISION_H_

#include "absl/time/time.h"

namespace otpgate {

// What a rule answers. A rule is a pure function
//   Decision<Reply> Decide(const Command&, absl::Time now, State&, Effects&)
// Ids, codes and MACs were drawn before and ride in the command, so that deciding again after a
// lost conflict gives the same ids.
template <class Reply>
struct Decision {
  Reply reply;
  // The state or the effects were changed: the reply waits for the commit. A decision that changed
  // nothing, with no change before it on the same key, is final at once.
  bool changed = false;
  // Set by whatever accepts something that expires: past it the decision must be made anew.
  absl::Time valid_until = absl::InfiniteFuture();
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_DECISION_H_
