#include "server/auth/subject_answers.h"

#include "absl/strings/match.h"
#include "server/runtime/mask.h"

namespace otpgate {

Failure FailureFrom(const SubjectReply& reply) {
  Failure failure;
  failure.reason = reply.reason;
  failure.retry_after = reply.retry_after;
  failure.quota = reply.quota;
  failure.attempts_remaining = reply.attempts_remaining;
  return failure;
}

UserProfile ProfileOf(const Account& account, const std::vector<Identity>& identities) {
  UserProfile profile{.id = account.id,
                      .user_type = account.user_type,
                      .phone_number = "",
                      .email = "",
                      .created_at = account.created_at};
  for (const Identity& identity : identities) {
    const bool email = absl::StrContains(identity.subject.identifier, '@');
    std::string& field = email ? profile.email : profile.phone_number;
    if (field.empty()) field = identity.subject.identifier;
  }
  return profile;
}

void SubjectAnswers::Note(const SubjectKey& subject, Purpose purpose, const std::string& caller,
                          absl::string_view refusal, const SubjectReply& reply) const {
  if (reply.replayed) return;
  const absl::string_view event = reply.event.empty() ? refusal : reply.event;
  log_->Info(event, {{"identifier", MaskIdentifier(subject.identifier)},
                     {"user_type", NameOf(subject.user_type)},
                     {"purpose", NameOf(purpose)},
                     {"caller", caller},
                     {"reason", reply.ok() ? "" : ReasonName(reply.reason)},
                     {"quota", reply.quota}});
  if (on_event_) on_event_(purpose, event, reply.quota);
}

}  // namespace otpgate
