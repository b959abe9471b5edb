#include "server/rpc/handlers/messages.h"

#include <algorithm>
#include <limits>

#include "base/crypto/base64url.h"

namespace otpgate::rpc {
namespace {

uint32_t ToUint32(int64_t seconds) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(seconds, 0, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

v1::UserType ToProto(storage::UserType type) {
  return type == storage::UserType::kDemo ? v1::USER_TYPE_DEMO : v1::USER_TYPE_LIVE;
}

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1'000);
}

uint32_t SecondsLeft(absl::Duration life) {
  return ToUint32(absl::ToInt64Seconds(absl::Floor(life, absl::Seconds(1))));
}

uint32_t SecondsToWait(absl::Duration wait) {
  return ToUint32(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
}

void SetUser(const service::UserProfile& profile, v1::User& user) {
  user.set_id(crypto::Base64UrlEncode(profile.id.bytes));
  user.set_user_type(ToProto(profile.user_type));
  user.set_phone_number(profile.phone_number);
  user.set_email(profile.email);
  user.set_phone_verified(!profile.phone_number.empty());
  user.set_email_verified(!profile.email.empty());
  SetTimestamp(profile.created_at, *user.mutable_create_time());
}

}  // namespace otpgate::rpc
