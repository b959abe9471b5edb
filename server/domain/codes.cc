#include "server/domain/codes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/domain/send_limits.h"

namespace otpgate {

CodeTable TableFor(const SubjectState& state, Purpose purpose) {
  return purpose == Purpose::kLogin && state.user_id.empty() ? CodeTable::kSignupOtps
                                                             : CodeTable::kOtpSessions;
}

Code* FindCode(SubjectState& state, Purpose purpose, const OtpId& id) {
  Code* newest = nullptr;
  for (Code& code : state.codes) {
    if (code.purpose != purpose) continue;
    if (!id.empty() && code.id == id) return &code;
    // Of one time, while the store's clock stands: a code of an account comes after its sign-up.
    const auto age = [](const Code& c) { return std::pair(c.created_at, c.table); };
    if (newest == nullptr || age(code) > age(*newest)) newest = &code;
  }
  return id.empty() ? newest : nullptr;
}

bool IsPending(const OtpPolicy& policy, const Code& code, absl::Time now) {
  return !code.verified_at && now < code.expires_at && code.attempts < policy.max_attempts;
}

Code& PutCode(SubjectState& state, Code code, absl::Time now) {
  VoidSiblings(state, code, now);
  for (Code& old : state.codes) {
    if (old.table == code.table && old.purpose == code.purpose) return old = std::move(code);
  }
  return state.codes.emplace_back(std::move(code));
}

void VoidSiblings(SubjectState& state, const Code& code, absl::Time now) {
  for (Code& other : state.codes) {
    if (other.purpose == code.purpose && other.id != code.id && !other.verified_at) {
      other.expires_at = std::min(other.expires_at, now);
    }
  }
}

Message MakeMessage(const SubjectKey& subject, const SubjectState& state, const Code& code,
                    const DrawnCode& drawn, absl::Time now) {
  const bool suppressed = state.disabled_at.has_value();
  return {.id = drawn.message_id,
          .otp_id = code.id,
          .code_mac = code.mac,
          .table = code.table,
          .purpose = code.purpose,
          .channel = IsPhone(subject) ? Channel::kSms : Channel::kEmail,
          .state = suppressed ? MessageState::kSuppressed : MessageState::kPending,
          .sealed = suppressed ? std::string() : drawn.sealed,
          .created_at = now,
          .expires_at = code.expires_at};
}

std::string EventName(CodeTable table, Purpose purpose, absl::string_view what) {
  if (table == CodeTable::kSignupOtps) return absl::StrCat("SIGNUP_OTP_", what);
  return absl::StrCat(absl::AsciiStrToUpper(NameOf(purpose)), "_OTP_", what);
}

AuditEvent MakeAudit(const Origin& origin, std::string event, std::string detail,
                     const OtpId& otp_id, absl::Time now) {
  return {.id = origin.audit_id,
          .event = std::move(event),
          .at = now,
          .caller = origin.caller,
          .ip = origin.ip,
          .detail = std::move(detail),
          .otp_id = otp_id,
          .user_id = {},
          .session_id = {}};
}

}  // namespace otpgate
