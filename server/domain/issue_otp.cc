#include "server/domain/issue_otp.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "server/domain/codes.h"
#include "server/domain/events.h"
#include "server/domain/failure_budget.h"
#include "server/domain/requests.h"
#include "server/domain/send_limits.h"

namespace otpgate::domain {
namespace {

SubjectReply Denied(const SendDenial& denial, absl::Time now) {
  SubjectReply reply;
  reply.reason = denial.reason;
  reply.now = now;
  reply.retry_after = denial.retry_after;
  reply.quota = std::string(denial.quota);
  reply.quota_rate = denial.rate;
  return reply;
}

storage::Code NewCode(const OtpPolicy& policy, const RequestOtp& command,
                      const storage::SubjectState& state, absl::Time now) {
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
          .user_id = IsForBearer(command.purpose) ? command.bearer : UserId{}};
}

// Adds the message, the audit event and the request record of an issued code, and makes the reply.
Decision<SubjectReply> Issue(const OtpPolicy& policy, const storage::SubjectKey& subject,
                             const storage::Code& code, const PreparedCode& prepared,
                             const Origin& origin, OtpStep step, absl::Time now,
                             storage::SubjectState& state, storage::SubjectEffects& effects) {
  Decision<SubjectReply> decision;
  decision.changed = true;
  SubjectReply& reply = decision.reply;
  reply.now = now;
  reply.event = OtpEvent(code, step);
  reply.otp_id = code.id;
  reply.expires_at = code.expires_at;
  reply.resend_at = ResendAllowedAt(policy, state);
  effects.messages.push_back(MakeMessage(subject, state, code, prepared, now));
  effects.audit.push_back(MakeAudit(origin, *reply.event, "", now));
  effects.audit.back().otp_id = code.id;
  RecordRequest(origin, reply, state, effects);
  return decision;
}

}  // namespace

Decision<SubjectReply> DecideRequest(const OtpPolicy& policy, const RequestOtp& command,
                                     absl::Time now, storage::SubjectState& state,
                                     storage::SubjectEffects& effects) {
  if (auto recorded = RecallRequest(policy, command.origin, state, now)) return {*recorded};
  if (auto denial = CheckRequest(policy, command.subject, state, now))
    return {Denied(*denial, now)};
  ResetFailuresIfDue(policy, now, state);
  const storage::Code& code = PutCode(state, NewCode(policy, command, state, now), now);
  NoteRequest(policy, now, state);
  return Issue(policy, command.subject, code, command.code, command.origin, OtpStep::kCreated, now,
               state, effects);
}

Decision<SubjectReply> DecideResend(const OtpPolicy& policy, const ResendOtp& command,
                                    absl::Time now, storage::SubjectState& state,
                                    storage::SubjectEffects& effects) {
  if (auto recorded = RecallRequest(policy, command.origin, state, now)) return {*recorded};
  storage::Code* code = FindCode(state, command.purpose, command.otp_id);
  if (code == nullptr || !IsPending(policy, *code, now)) {
    SubjectReply reply;
    reply.reason = errors::Reason::kOtpInvalid;
    reply.now = now;
    reply.attempts_remaining = 0;
    return {reply};
  }
  if (auto denial = CheckResend(policy, state, *code, now)) {
    return {Denied(*denial, now)};
  }
  ResetFailuresIfDue(policy, now, state);
  const absl::Duration ttl = policy.TtlOf(code->purpose);
  const absl::Time pending_until = code->expires_at;
  code->mac = command.code.mac;
  code->key_id = command.code.key_id;
  code->expires_at = std::min(now + ttl, code->created_at + 2 * ttl);
  NoteResend(policy, now, state);
  Decision<SubjectReply> decision = Issue(policy, command.subject, *code, command.code,
                                          command.origin, OtpStep::kResent, now, state, effects);
  // Only a pending code can be sent again.
  decision.valid_until = pending_until;
  return decision;
}

}  // namespace otpgate::domain
