#include "server/domain/verify_otp.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/domain/codes.h"
#include "server/domain/events.h"
#include "server/domain/failure_budget.h"
#include "server/domain/requests.h"
#include "server/domain/send_limits.h"

namespace otpgate::domain {
namespace {

Decision<SubjectReply> NotEvaluated(const VerifyOtp& command, absl::Time now) {
  SubjectReply reply;
  reply.reason = errors::Reason::kOtpInvalid;
  reply.now = now;
  // Only the holder of a handle gets a number, the same one whatever the cause.
  if (!command.otp_id.empty()) reply.attempts_remaining = 0;
  return {reply};
}

// The pepper was retired or destroyed, or this server does not have the new one.
Decision<SubjectReply> WithoutKey(const VerifyOtp& command, absl::Time now) {
  Decision<SubjectReply> decision = NotEvaluated(command, now);
  decision.reply.event = Event::kOtpKeyUnknown;
  return decision;
}

bool MayEvaluate(const OtpPolicy& policy, const VerifyOtp& command, const storage::Code* code,
                 const storage::SubjectState& state, absl::Time now) {
  if (code == nullptr || !GuessesAllowed(state, now) || !IsPending(policy, *code, now))
    return false;
  if (code->bound && command.otp_id.empty()) return false;
  return !IsForBearer(command.purpose) || code->user_id == command.bearer;
}

// Whether the subject refers to a missing account: an internal error, not a wrong guess.
bool AccountIsMissing(const VerifyOtp& command, const storage::SubjectState& state) {
  return command.purpose == storage::Purpose::kLogin && !state.user_id.empty() && !state.account;
}

SubjectReply Broken(absl::Time now) {
  SubjectReply reply;
  reply.reason = errors::Reason::kInternal;
  reply.now = now;
  return reply;
}

// Records the audit event and the outcome of a guess that was evaluated.
void Finish(const VerifyOtp& command, const storage::Code& code, std::string detail,
            SubjectReply& reply, storage::SubjectState& state, storage::SubjectEffects& effects) {
  storage::AuditEvent audit = MakeAudit(command.origin, *reply.event, std::move(detail), reply.now);
  audit.otp_id = code.id;
  audit.user_id = code.user_id;
  if (reply.session) audit.session_id = reply.session->id;
  effects.audit.push_back(std::move(audit));
  RecordRequest(command.origin, reply, state, effects);
}

void Refuse(const OtpPolicy& policy, const VerifyOtp& command, storage::Code& code,
            SubjectReply& reply, storage::SubjectState& state, storage::SubjectEffects& effects) {
  ++code.attempts;
  CountFailure(policy, reply.now, state);
  reply.reason = errors::Reason::kOtpInvalid;
  reply.event = OtpEvent(code, OtpStep::kVerificationFailed);
  const int left = GuessesAllowed(state, reply.now) ? policy.max_attempts - code.attempts : 0;
  if (!command.otp_id.empty()) reply.attempts_remaining = left;
  std::string detail = absl::StrCat("wrong_code failures=", state.failures);
  if (state.disabled_at) absl::StrAppend(&detail, " disabled");
  Finish(command, code, std::move(detail), reply, state, effects);
}

OpenedSession OpenSession(const OtpPolicy& policy, const VerifyOtp& command, absl::Time now,
                          const storage::Account& account, storage::SubjectEffects& effects) {
  storage::NewSession session{.user_id = account.id,
                              .id = command.session_id,
                              .key_id = command.refresh_key_id,
                              .token_version = account.token_version,
                              .created_at = now,
                              .idle_expires_at = now + policy.session.idle,
                              .absolute_expires_at = now + policy.session.absolute,
                              .caller = command.origin.caller,
                              .device_info = command.device_info,
                              .ip = command.origin.ip,
                              .amr = IsPhone(command.subject) ? "sms" : "email"};
  OpenedSession opened{session.id,
                       session.key_id,
                       session.token_version,
                       session.created_at,
                       session.absolute_expires_at,
                       session.amr};
  effects.sessions.push_back(std::move(session));
  return opened;
}

void AddIdentity(const VerifyOtp& command, const UserId& user, absl::Time now,
                 storage::SubjectState& state, storage::SubjectEffects& effects) {
  state.user_id = user;
  storage::Identity identity{user, command.subject, now};
  state.identities.push_back(identity);
  effects.new_identity = std::move(identity);
}

void CreateAccount(const VerifyOtp& command, absl::Time now, storage::SubjectState& state,
                   storage::SubjectEffects& effects) {
  state.account = storage::Account{.id = command.new_user_id,
                                   .user_type = command.subject.user_type,
                                   .disabled = false,
                                   .token_version = 0,
                                   .created_at = now};
  effects.new_account = state.account;
  AddIdentity(command, command.new_user_id, now, state, effects);
}

void SignIn(const OtpPolicy& policy, const VerifyOtp& command, storage::Code& code,
            SubjectReply& reply, storage::SubjectState& state, storage::SubjectEffects& effects) {
  const bool first = state.user_id.empty();
  if (first) CreateAccount(command, reply.now, state, effects);
  code.user_id = state.user_id;
  if (state.account->disabled) {
    reply.reason = errors::Reason::kAccountDisabled;
    return;
  }
  state.last_success_at = reply.now;
  reply.new_user = first;
  reply.account = state.account;
  reply.identities = state.identities;
  reply.session = OpenSession(policy, command, reply.now, *state.account, effects);
}

void Attach(const VerifyOtp& command, SubjectReply& reply, storage::SubjectState& state,
            storage::SubjectEffects& effects) {
  if (state.user_id.empty()) {
    AddIdentity(command, command.bearer, reply.now, state, effects);
    state.account = command.bearer_account;
  } else if (state.user_id != command.bearer) {
    reply.reason = errors::Reason::kIdentifierTaken;
    return;
  }
  state.last_success_at = reply.now;
}

void Accept(const OtpPolicy& policy, const VerifyOtp& command, storage::Code& code,
            SubjectReply& reply, storage::SubjectState& state, storage::SubjectEffects& effects) {
  code.verified_at = reply.now;
  ClearFailures(state);
  ExpireOtherCodes(state, code, reply.now);
  reply.event = OtpEvent(code, OtpStep::kVerified);
  switch (command.purpose) {
    case storage::Purpose::kLogin:
      SignIn(policy, command, code, reply, state, effects);
      break;
    case storage::Purpose::kVerifyPhone:
    case storage::Purpose::kVerifyEmail:
      Attach(command, reply, state, effects);
      break;
    case storage::Purpose::kVerification:
      break;  // the consumed code is all
  }
  std::string detail = reply.new_user ? "new_account" : "";
  if (!reply.ok()) detail = absl::StrCat("refused=", errors::ReasonName(reply.reason));
  Finish(command, code, std::move(detail), reply, state, effects);
}

}  // namespace

Decision<SubjectReply> DecideVerify(const OtpPolicy& policy, const CodeMatches& matches,
                                    const VerifyOtp& command, absl::Time now,
                                    storage::SubjectState& state,
                                    storage::SubjectEffects& effects) {
  if (auto recorded = RecallVerify(policy, command, state, now)) return {*recorded};
  ResetFailuresIfDue(policy, now, state);
  storage::Code* code = FindCode(state, command.purpose, command.otp_id);
  if (!MayEvaluate(policy, command, code, state, now)) return NotEvaluated(command, now);
  if (AccountIsMissing(command, state)) return {Broken(now)};
  const std::optional<bool> right = matches(command.subject, *code, command.guess);
  if (!right) return WithoutKey(command, now);

  Decision<SubjectReply> decision;
  decision.changed = true;
  decision.reply.now = now;
  decision.reply.otp_id = code->id;
  decision.reply.expires_at = code->expires_at;
  if (*right) {
    decision.valid_until = code->expires_at;
    Accept(policy, command, *code, decision.reply, state, effects);
  } else {
    Refuse(policy, command, *code, decision.reply, state, effects);
  }
  return decision;
}

}  // namespace otpgate::domain
