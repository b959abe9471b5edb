#include "server/domain/requests.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/domain/send_limits.h"

namespace otpgate::domain {
namespace {

SubjectReply Superseded(absl::Time now) {
  SubjectReply reply;
  reply.reason = errors::Reason::kRequestSuperseded;
  reply.now = now;
  return reply;
}

bool StillTheSame(const storage::RequestRecord& record,
                  const std::optional<storage::RecordedSession>& session,
                  const storage::SubjectState& state, absl::Time now) {
  return session && session->generation == 0 && !session->revoked && record.expires_at &&
         now < *record.expires_at && state.account && state.account->id == record.user_id &&
         !state.account->disabled && state.account->token_version == session->token_version;
}

SubjectReply Rebuild(const OtpPolicy& policy, const storage::RequestRecord& record,
                     const storage::SubjectState& state, absl::Time now) {
  SubjectReply reply;
  reply.reason = static_cast<errors::Reason>(record.reason);
  reply.now = now;
  reply.recorded_at = record.created_at;
  reply.otp_id = record.otp_id;
  reply.expires_at = record.expires_at.value_or(now);
  reply.resend_at = ResendAllowedAt(policy, state);
  reply.attempts_remaining = record.attempts_remaining;
  reply.new_user = record.new_user;
  return reply;
}

SubjectReply Replay(const OtpPolicy& policy, const storage::RequestRecord& record,
                    const std::optional<storage::RecordedSession>& session,
                    const storage::SubjectState& state, absl::Time now) {
  SubjectReply reply = Rebuild(policy, record, state, now);
  if (record.session_id.empty()) return reply;
  if (!StillTheSame(record, session, state, now)) return Superseded(now);
  reply.session = OpenedSession{record.session_id,
                                session->key_id,
                                session->token_version,
                                session->created_at,
                                session->absolute_expires_at,
                                session->amr};
  reply.account = state.account;
  reply.identities = state.identities;
  return reply;
}

storage::RecordedSession AsRecorded(const OpenedSession& session) {
  return {.generation = 0,
          .revoked = false,
          .key_id = session.key_id,
          .token_version = session.token_version,
          .created_at = session.created_at,
          .absolute_expires_at = session.absolute_expires_at,
          .amr = session.amr};
}

}  // namespace

std::optional<SubjectReply> RecallRequest(const OtpPolicy& policy, const Origin& origin,
                                          const storage::SubjectState& state, absl::Time now) {
  if (!origin.request) return std::nullopt;
  for (const auto& [record, session] : state.requests) {
    if (!(record.key == origin.request->key)) continue;
    if (now - record.created_at >= policy.request_retention) continue;
    if (absl::c_linear_search(origin.request->fingerprints, record.fingerprint)) {
      return Replay(policy, record, session, state, now);
    }
    SubjectReply reply;
    reply.reason = errors::Reason::kRequestIdReused;
    reply.now = now;
    return reply;
  }
  return std::nullopt;
}

std::optional<SubjectReply> RecallVerify(const OtpPolicy& policy, const VerifyOtp& command,
                                         const storage::SubjectState& state, absl::Time now) {
  std::optional<SubjectReply> recorded = RecallRequest(policy, command.origin, state, now);
  const bool proof =
      recorded && recorded->ok() && command.purpose == storage::Purpose::kVerification;
  if (proof && now >= recorded->expires_at) return Superseded(now);
  return recorded;
}

void RecordRequest(const Origin& origin, const SubjectReply& reply, storage::SubjectState& state,
                   storage::SubjectEffects& effects) {
  if (!origin.request) return;
  storage::RequestRecord record{.key = origin.request->key,
                                .fingerprint = origin.request->fingerprints.front(),
                                .reason = static_cast<int>(reply.reason),
                                .otp_id = reply.otp_id,
                                .expires_at = reply.expires_at,
                                .attempts_remaining = reply.attempts_remaining,
                                .user_id = reply.account ? reply.account->id : UserId{},
                                .session_id = reply.session ? reply.session->id : SessionId{},
                                .new_user = reply.new_user,
                                .created_at = reply.now};
  std::optional<storage::RecordedSession> session;
  if (reply.session) session = AsRecorded(*reply.session);
  // Drops a record that is older than its retention.
  std::erase_if(state.requests, [&](const auto& old) { return old.first.key == record.key; });
  state.requests.emplace_back(record, std::move(session));
  effects.requests.push_back(std::move(record));
}

}  // namespace otpgate::domain
