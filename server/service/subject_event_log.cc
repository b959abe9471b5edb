#include "server/service/subject_event_log.h"

#include "absl/strings/match.h"
#include "server/runtime/mask.h"

namespace otpgate::service {

errors::Failure FailureFrom(const domain::SubjectReply& reply) {
  errors::Failure failure;
  failure.reason = reply.reason;
  failure.retry_after = reply.retry_after;
  failure.quota = reply.quota;
  failure.quota_limit = reply.quota_rate.count;
  failure.quota_window = reply.quota_rate.window;
  failure.attempts_remaining = reply.attempts_remaining;
  return failure;
}

UserProfile ProfileOf(const storage::Account& account,
                      const std::vector<storage::Identity>& identities) {
  UserProfile profile{.id = account.id,
                      .user_type = account.user_type,
                      .phone_number = "",
                      .email = "",
                      .created_at = account.created_at};
  for (const storage::Identity& identity : identities) {
    const bool email = absl::StrContains(identity.subject.identifier, '@');
    std::string& field = email ? profile.email : profile.phone_number;
    if (field.empty()) field = identity.subject.identifier;
  }
  return profile;
}

void SubjectEventLog::Note(const storage::SubjectKey& subject, storage::Purpose purpose,
                           const std::string& caller, domain::Event refusal,
                           const domain::SubjectReply& reply) const {
  if (reply.replayed()) return;
  const domain::Event event = reply.event.value_or(refusal);
  log_->Info(NameOf(event), {{"identifier", runtime::MaskIdentifier(subject.identifier)},
                             {"user_type", NameOf(subject.user_type)},
                             {"purpose", NameOf(purpose)},
                             {"caller", caller},
                             {"reason", reply.ok() ? "" : errors::ReasonName(reply.reason)},
                             {"quota", reply.quota}});
  if (on_event_) on_event_(purpose, event, reply.quota);
}

}  // namespace otpgate::service
