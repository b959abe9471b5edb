#include "server/rpc/handlers/convert.h"

#include <algorithm>
#include <limits>

#include "server/crypto/base64url.h"

namespace otpgate {
namespace {

uint32_t ToUint32(int64_t seconds) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(seconds, 0, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

CallContext ContextOf(const CallInfo& info) {
  CallContext context;
  context.caller = info.caller->id();
  context.client = info.client;
  context.bearer = info.bearer_token;
  context.patience.deadline = info.deadline;
  context.patience.cancelled = info.cancelled;
  return context;
}

v1::UserType ToProto(UserType type) {
  return type == UserType::kDemo ? v1::USER_TYPE_DEMO : v1::USER_TYPE_LIVE;
}

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1'000);
}

// An account has an identifier only once a code sent to it was entered rightly.
v1::User UserOf(const UserProfile& profile) {
  v1::User user;
  user.set_id(crypto::Base64UrlEncode(profile.id.bytes));
  user.set_user_type(ToProto(profile.user_type));
  user.set_phone_number(profile.phone_number);
  user.set_email(profile.email);
  user.set_phone_verified(!profile.phone_number.empty());
  user.set_email_verified(!profile.email.empty());
  SetTimestamp(profile.created_at, *user.mutable_create_time());
  return user;
}

uint32_t SecondsLeft(absl::Duration life) {
  return ToUint32(absl::ToInt64Seconds(absl::Floor(life, absl::Seconds(1))));
}

uint32_t SecondsToWait(absl::Duration wait) {
  return ToUint32(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
}

}  // namespace otpgate
