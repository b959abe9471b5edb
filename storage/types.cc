#include "storage/types.h"

namespace otpgate {

absl::string_view NameOf(UserType type) { return type == UserType::kDemo ? "demo" : "live"; }

absl::string_view NameOf(Purpose purpose) {
  switch (purpose) {
    case Purpose::kLogin:
      return "login";
    case Purpose::kVerifyPhone:
      return "verify_phone";
    case Purpose::kVerifyEmail:
      return "verify_email";
  }
  return "login";
}

absl::string_view NameOf(Channel channel) { return channel == Channel::kEmail ? "email" : "sms"; }

std::optional<UserType> UserTypeFrom(absl::string_view name) {
  for (UserType type : {UserType::kLive, UserType::kDemo}) {
    if (NameOf(type) == name) return type;
  }
  return std::nullopt;
}

std::optional<Purpose> PurposeFrom(absl::string_view name) {
  for (Purpose purpose : {Purpose::kLogin, Purpose::kVerifyPhone, Purpose::kVerifyEmail}) {
    if (NameOf(purpose) == name) return purpose;
  }
  return std::nullopt;
}

}  // namespace otpgate
