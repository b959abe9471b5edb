#include "server/domain/subject_rules.h"

#include <utility>
#include <variant>

#include "server/domain/admin_rules.h"
#include "server/domain/codes.h"
#include "server/domain/issue_otp.h"
#include "server/domain/requests.h"
#include "server/domain/send_limits.h"

namespace otpgate::domain {
namespace {

const Origin& OriginOf(const SubjectCommand& command) {
  return std::visit([](const auto& c) -> const Origin& { return c.origin; }, command);
}

// The MAC of the code that a command issues, or null.
const std::string* IssuedMac(const SubjectCommand& command) {
  if (const auto* request = std::get_if<RequestOtp>(&command)) return &request->code.mac;
  if (const auto* resend = std::get_if<ResendOtp>(&command)) return &resend->code.mac;
  return nullptr;
}

}  // namespace

SubjectRules::SubjectRules(OtpPolicy policy, CodeMatches matches)
    : policy_(policy), matches_(std::move(matches)) {}

const storage::SubjectKey& SubjectRules::KeyOf(const Command& command) {
  return std::visit([](const auto& c) -> const storage::SubjectKey& { return c.subject; }, command);
}

void SubjectRules::AddToAsk(const Command& command, storage::SubjectAsk& ask) {
  if (std::holds_alternative<VerifyOtp>(command)) ask.account = true;
  if (const Origin& origin = OriginOf(command); origin.request) {
    ask.requests.push_back(origin.request->key);
  }
}

Decision<SubjectReply> SubjectRules::Decide(const Command& command, absl::Time now,
                                            storage::SubjectState& state,
                                            storage::SubjectEffects& effects) const {
  if (const auto* request = std::get_if<RequestOtp>(&command)) {
    return DecideRequest(policy_, *request, now, state, effects);
  }
  if (const auto* resend = std::get_if<ResendOtp>(&command)) {
    return DecideResend(policy_, *resend, now, state, effects);
  }
  if (const auto* unlock = std::get_if<UnlockSubject>(&command)) {
    return DecideUnlock(*unlock, now, state, effects);
  }
  if (const auto* codes = std::get_if<VoidCodes>(&command)) {
    return DecideVoidCodes(policy_, *codes, now, state, effects);
  }
  return DecideVerify(policy_, matches_, std::get<VerifyOtp>(command), now, state, effects);
}

std::optional<SubjectReply> SubjectRules::Recall(const Command& command, absl::Time now,
                                                 const storage::SubjectState& state) const {
  const auto* verify = std::get_if<VerifyOtp>(&command);
  if (auto recorded = verify != nullptr ? RecallVerify(policy_, *verify, state, now)
                                        : RecallRequest(policy_, OriginOf(command), state, now)) {
    return recorded;
  }
  const std::string* mac = IssuedMac(command);
  if (mac == nullptr) return std::nullopt;
  for (const storage::Code& code : state.codes) {
    if (code.mac != *mac) continue;
    SubjectReply reply;
    reply.now = now;
    reply.otp_id = code.id;
    reply.expires_at = code.expires_at;
    reply.resend_at = ResendAllowedAt(policy_, state);
    return reply;
  }
  return std::nullopt;
}

}  // namespace otpgate::domain
