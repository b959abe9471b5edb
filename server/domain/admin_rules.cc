#include "server/domain/admin_rules.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/domain/codes.h"
#include "server/domain/events.h"
#include "server/domain/failure_budget.h"

namespace otpgate::domain {
namespace {

Decision<SubjectReply> NothingToDo(absl::Time now) {
  Decision<SubjectReply> decision;
  decision.reply.now = now;
  return decision;
}

Decision<SubjectReply> Done(const Origin& origin, Event event, std::string detail, absl::Time now,
                            const storage::SubjectState& state, storage::SubjectEffects& effects) {
  storage::AuditEvent audit = MakeAudit(origin, event, std::move(detail), now);
  audit.user_id = state.user_id;
  effects.audit.push_back(std::move(audit));
  Decision<SubjectReply> decision;
  decision.changed = true;
  decision.reply.now = now;
  decision.reply.event = event;
  return decision;
}

}  // namespace

Decision<SubjectReply> DecideUnlock(const UnlockSubject& command, absl::Time now,
                                    storage::SubjectState& state,
                                    storage::SubjectEffects& effects) {
  if (state.failures == 0 && !state.blocked_until && !state.disabled_at) return NothingToDo(now);
  const std::string detail = absl::StrCat("failures=", state.failures);
  ClearFailures(state);
  return Done(command.origin, Event::kSubjectUnlocked, detail, now, state, effects);
}

Decision<SubjectReply> DecideVoidCodes(const OtpPolicy& policy, const VoidCodes& command,
                                       absl::Time now, storage::SubjectState& state,
                                       storage::SubjectEffects& effects) {
  int voided = 0;
  for (storage::Code& code : state.codes) {
    if (code.created_at >= command.before || !IsPending(policy, code, now)) continue;
    code.expires_at = now;
    ++voided;
  }
  if (voided == 0) return NothingToDo(now);
  return Done(command.origin, Event::kOtpDeleted, absl::StrCat("codes=", voided), now, state,
              effects);
}

}  // namespace otpgate::domain
