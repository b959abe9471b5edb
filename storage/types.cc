#include "storage/types.h"

#include <algorithm>
#include <iterator>

namespace otpgate::storage {

absl::string_view NameOf(UserType type) { return type == UserType::kDemo ? "demo" : "live"; }

absl::string_view NameOf(Purpose purpose) {
  switch (purpose) {
    case Purpose::kLogin:
      return "login";
    case Purpose::kVerifyPhone:
      return "verify_phone";
    case Purpose::kVerifyEmail:
      return "verify_email";
    case Purpose::kVerification:
      return "verification";
  }
  return "login";
}

absl::string_view NameOf(Channel channel) { return channel == Channel::kEmail ? "email" : "sms"; }

absl::string_view NameOf(CodeTable table) {
  return table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions";
}

absl::string_view NameOf(RevokedReason reason) {
  switch (reason) {
    case RevokedReason::kNone:
      return "";
    case RevokedReason::kLogout:
      return "logout";
    case RevokedReason::kUser:
      return "user";
    case RevokedReason::kReuse:
      return "reuse";
    case RevokedReason::kAdmin:
      return "admin";
    case RevokedReason::kKey:
      return "key";
  }
  return "";
}

absl::string_view NameOf(MessageState state) {
  return state == MessageState::kPending ? "pending" : "suppressed";
}

std::optional<UserType> UserTypeFrom(absl::string_view name) {
  for (UserType type : {UserType::kLive, UserType::kDemo}) {
    if (NameOf(type) == name) return type;
  }
  return std::nullopt;
}

std::optional<Purpose> PurposeFrom(absl::string_view name) {
  for (const Purpose purpose : kPurposes) {
    if (NameOf(purpose) == name) return purpose;
  }
  return std::nullopt;
}

std::optional<RevokedReason> RevokedReasonFrom(absl::string_view name) {
  for (RevokedReason reason : {RevokedReason::kNone, RevokedReason::kLogout, RevokedReason::kUser,
                               RevokedReason::kReuse, RevokedReason::kAdmin, RevokedReason::kKey}) {
    if (NameOf(reason) == name) return reason;
  }
  return std::nullopt;
}

bool IsKnown(UserType type) { return type == UserType::kLive || type == UserType::kDemo; }

bool IsKnown(Purpose purpose) {
  return std::find(std::begin(kPurposes), std::end(kPurposes), purpose) != std::end(kPurposes);
}

bool IsKnown(Channel channel) { return channel == Channel::kSms || channel == Channel::kEmail; }

bool IsKnown(CodeTable table) {
  return table == CodeTable::kSignupOtps || table == CodeTable::kOtpSessions;
}

bool IsKnown(RevokedReason reason) { return reason <= RevokedReason::kKey; }

bool IsKnown(MessageState state) {
  return state == MessageState::kPending || state == MessageState::kSuppressed;
}

}  // namespace otpgate::storage
