#include "server/domain/issue_otp.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/domain/codes.h"
#include "server/domain/failure_budget.h"
#include "server/domain/requests.h"
#include "server/domain/send_limits.h"

namespace otpgate {
namespace {

SubjectReply Denied(const SendDenial& denial, absl::Time now) {
  SubjectReply reply;
  reply.reason = denial.reason;
  reply.now = now;
  reply.retry_after = denial.retry_after;
  reply.quota = denial.quota;
  return reply;
}

Code NewCode(const OtpPolicy& policy, const RequestOtp& command, const SubjectState& state,
             absl::Time now) {
  return {.table = TableFor(state, command.purpose),
          .purpose = command.purpose,
          .id = command.otp_id,
          .mac = command.code.mac,
          .key_id = command.code.key_id,
          .attempts = 0,
          .bound = command.bound,
          .created_at = now,
          .expires_at = now + policy.TtlOf(command.purpose),
          .verified_at = std::nullopt,
          .user_id = command.purpose == Purpose::kLogin ? UserId{} : command.bearer};
}

// The rows and the answer that every issued code has.
Decision<SubjectReply> Issue(const OtpPolicy& policy, const SubjectKey& subject, const Code& code,
                             const DrawnCode& drawn, const Origin& origin, absl::string_view what,
                             absl::Time now, SubjectState& state, SubjectEffects& effects) {
  Decision<SubjectReply> decision;
  decision.changed = true;
  SubjectReply& reply = decision.reply;
  reply.now = now;
  reply.event = EventName(code.table, code.purpose, what);
  reply.otp_id = code.id;
  reply.expires_at = code.expires_at;
  reply.resend_at = ResendAllowedAt(policy, state);
  effects.messages.push_back(MakeMessage(subject, state, code, drawn, now));
  effects.audit.push_back(MakeAudit(origin, reply.event, "", code.id, now));
  RecordRequest(origin, reply, state, effects);
  return decision;
}

}  // namespace

Decision<SubjectReply> DecideRequest(const OtpPolicy& policy, const RequestOtp& command,
                                     absl::Time now, SubjectState& state, SubjectEffects& effects) {
  if (auto recorded = RecallRequest(policy, command.origin, state, now)) return {*recorded};
  if (auto denial = CheckRequest(policy, command.subject, state, now))
    return {Denied(*denial, now)};
  ForgiveWhatIsDue(policy, now, state);
  const Code& code = PutCode(state, NewCode(policy, command, state, now), now);
  NoteRequest(policy, now, state);
  return Issue(policy, command.subject, code, command.code, command.origin, "CREATED", now, state,
               effects);
}

Decision<SubjectReply> DecideResend(const OtpPolicy& policy, const ResendOtp& command,
                                    absl::Time now, SubjectState& state, SubjectEffects& effects) {
  if (auto recorded = RecallRequest(policy, command.origin, state, now)) return {*recorded};
  Code* code = FindCode(state, command.purpose, command.otp_id);
  if (code == nullptr || !IsPending(policy, *code, now)) {
    SubjectReply reply;
    reply.reason = Reason::kOtpInvalid;
    reply.now = now;
    reply.attempts_remaining = 0;
    return {reply};
  }
  if (auto denial = CheckResend(policy, command.subject, state, *code, now)) {
    return {Denied(*denial, now)};
  }
  ForgiveWhatIsDue(policy, now, state);
  const absl::Duration ttl = policy.TtlOf(code->purpose);
  const absl::Time pending_until = code->expires_at;
  code->mac = command.code.mac;
  code->key_id = command.code.key_id;
  code->expires_at = std::min(now + ttl, code->created_at + 2 * ttl);
  NoteResend(policy, now, state);
  Decision<SubjectReply> decision = Issue(policy, command.subject, *code, command.code,
                                          command.origin, "RESENT", now, state, effects);
  // Only a pending code may be renewed: past its end the decision is another.
  decision.valid_until = pending_until;
  return decision;
}

}  // namespace otpgate
