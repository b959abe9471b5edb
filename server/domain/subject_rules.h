#ifndef OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_
#define OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_

#include <optional>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "server/domain/verify_otp.h"
#include "storage/types.h"

namespace otpgate::domain {

// The rules of codes, for the engine. Immutable, so thread-safe; `matches` must be thread-safe too.
class SubjectRules {
 public:
  using Aggregate = storage::Subject;
  using Command = SubjectCommand;
  using Reply = SubjectReply;

  SubjectRules(OtpPolicy policy, CodeMatches matches);

  static const storage::SubjectKey& KeyOf(const Command& command);
  static absl::Time NewestTime(const storage::SubjectState& state) { return state.updated_at; }
  static void Touch(storage::SubjectState& state, absl::Time now) { state.updated_at = now; }

  // Adds the rows that this command needs to what is loaded with its subject.
  static void AddToAsk(const Command& command, storage::SubjectAsk& ask);

  Decision<Reply> Decide(const Command& command, absl::Time now, storage::SubjectState& state,
                         storage::SubjectEffects& effects) const;

  // The reply of a command whose COMMIT got no answer, if the state shows that it was applied: by
  // its request record, or by the MAC of the code that it issued.
  std::optional<Reply> Recall(const Command& command, absl::Time now,
                              const storage::SubjectState& state) const;

 private:
  const OtpPolicy policy_;
  const CodeMatches matches_;
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_SUBJECT_RULES_H_
