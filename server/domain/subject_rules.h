#ifndef OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_
#define OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "server/domain/verify_otp.h"
#include "storage/types.h"

namespace otpgate {

// The rules of codes, as the engine calls them. Immutable and thread-safe; `matches` must be too.
class SubjectRules {
 public:
  using Aggregate = Subject;
  using Command = SubjectCommand;
  using Reply = SubjectReply;

  SubjectRules(OtpPolicy policy, CodeMatches matches);

  static const SubjectKey& KeyOf(const Command& command);
  static absl::Time NewestTime(const SubjectState& state) { return state.updated_at; }
  static void Touch(SubjectState& state, absl::Time now) { state.updated_at = now; }

  // Adds what this command must see to the ask of its subject.
  static void AddToAsk(const Command& command, SubjectAsk& ask);

  Decision<Reply> Decide(const Command& command, absl::Time now, SubjectState& state,
                         SubjectEffects& effects) const;

  // For a command whose first write got no answer to its COMMIT: its reply if the state shows that
  // the write happened, by its request record or by the MAC of the code it issued.
  std::optional<Reply> Recall(const Command& command, absl::Time now,
                              const SubjectState& state) const;

 private:
  const OtpPolicy policy_;
  const CodeMatches matches_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_
