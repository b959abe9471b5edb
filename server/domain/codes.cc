#include "server/domain/codes.h"

#include <algorithm>
#include <utility>

#include "server/domain/send_limits.h"

namespace otpgate::domain {

bool IsForBearer(storage::Purpose purpose) {
  return purpose == storage::Purpose::kVerifyPhone || purpose == storage::Purpose::kVerifyEmail;
}

storage::CodeTable TableFor(const storage::SubjectState& state, storage::Purpose purpose) {
  return purpose == storage::Purpose::kLogin && state.user_id.empty()
             ? storage::CodeTable::kSignupOtps
             : storage::CodeTable::kOtpSessions;
}

storage::Code* FindCode(storage::SubjectState& state, storage::Purpose purpose, const OtpId& id) {
  storage::Code* newest = nullptr;
  for (storage::Code& code : state.codes) {
    if (code.purpose != purpose) continue;
    if (!id.empty() && code.id == id) return &code;
    // Two codes can have the same time, as the store's clock never goes back but may stand still.
    // The account's code is the newer one: it was made after the sign-up.
    const auto age = [](const storage::Code& c) { return std::pair(c.created_at, c.table); };
    if (newest == nullptr || age(code) > age(*newest)) newest = &code;
  }
  return id.empty() ? newest : nullptr;
}

bool IsPending(const OtpPolicy& policy, const storage::Code& code, absl::Time now) {
  return !code.verified_at && now < code.expires_at && code.attempts < policy.max_attempts;
}

storage::Code& PutCode(storage::SubjectState& state, storage::Code code, absl::Time now) {
  ExpireOtherCodes(state, code, now);
  for (storage::Code& old : state.codes) {
    if (old.table == code.table && old.purpose == code.purpose) return old = std::move(code);
  }
  return state.codes.emplace_back(std::move(code));
}

void ExpireOtherCodes(storage::SubjectState& state, const storage::Code& code, absl::Time now) {
  for (storage::Code& other : state.codes) {
    if (other.purpose == code.purpose && other.id != code.id && !other.verified_at) {
      other.expires_at = std::min(other.expires_at, now);
    }
  }
}

storage::Message MakeMessage(const storage::SubjectKey& subject, const storage::SubjectState& state,
                             const storage::Code& code, const PreparedCode& prepared,
                             absl::Time now) {
  const bool suppressed = state.disabled_at.has_value();
  return {
      .id = prepared.message_id,
      .otp_id = code.id,
      .code_mac = code.mac,
      .table = code.table,
      .purpose = code.purpose,
      .channel = IsPhone(subject) ? storage::Channel::kSms : storage::Channel::kEmail,
      .state = suppressed ? storage::MessageState::kSuppressed : storage::MessageState::kPending,
      .sealed = suppressed ? std::string() : prepared.sealed,
      .created_at = now,
      .expires_at = code.expires_at};
}

}  // namespace otpgate::domain
