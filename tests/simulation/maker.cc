#include "tests/simulation/maker.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace otpgate::sim {
namespace {

constexpr char kCaller[] = "app";
constexpr char kRefreshKey[] = "r1";

Actor AnActor() { return {.caller = kCaller, .ip = {}, .audit_id = {}}; }

}  // namespace

std::string Maker::DrawRequestId() {
  std::string id(16, '\0');
  dice_.Fill(id.data(), id.size());
  return id;
}

std::string Maker::DrawDigits() { return absl::StrFormat("%06d", dice_.Below(1'000'000)); }

DrawnCode Maker::DrawCode() {
  const MessageId message = Draw<MessageTag>();
  return {.mac = MacOf(DrawDigits(), message),
          .key_id = "p1",
          .message_id = message,
          .sealed = "sealed"};
}

Origin Maker::OriginOf(const char* method, const std::string& request_id,
                       const std::string& payload) {
  Origin origin;
  origin.caller = kCaller;
  if (request_id.empty()) return origin;
  std::string fingerprint = absl::StrCat("f1:", payload);
  fingerprint.resize(40, '.');
  origin.request = Origin::Request{.key = {kCaller, method, request_id},
                                   .fingerprints = {std::move(fingerprint)}};
  return origin;
}

SubjectCommand Maker::Request(const SubjectKey& subject, const std::string& request_id) {
  return RequestOtp{.subject = subject,
                    .bound = dice_.Chance(0.7),
                    .bearer = {},
                    .otp_id = Draw<OtpTag>(),
                    .code = DrawCode(),
                    .origin = OriginOf("RequestOtp", request_id, "login")};
}

SubjectCommand Maker::Resend(const Handle& handle, const std::string& request_id) {
  return ResendOtp{.subject = handle.subject,
                   .otp_id = handle.otp_id,
                   .code = DrawCode(),
                   .origin = OriginOf("ResendOtp", request_id, handle.otp_id.bytes)};
}

SubjectCommand Maker::Verify(const Handle& handle, const std::string& guess,
                             const std::string& request_id) {
  return VerifyOtp{
      .subject = handle.subject,
      .otp_id = handle.otp_id,
      .guess = guess,
      .bearer = {},
      .device_info = "device",
      .new_user_id = Draw<UserTag>(),
      .session_id = Draw<SessionTag>(),
      .refresh_key_id = kRefreshKey,
      .origin = OriginOf("VerifyOtp", request_id, absl::StrCat(guess, handle.otp_id.bytes))};
}

SubjectCommand Maker::Unlock(const SubjectKey& subject) {
  return UnlockSubject{.subject = subject, .origin = OriginOf("Unlock", "", "")};
}

SubjectCommand Maker::Void(const SubjectKey& subject) {
  return VoidCodes{.subject = subject, .origin = OriginOf("Void", "", "")};
}

SessionCommand Maker::Refresh(const Token& token, const std::string& request_id) {
  return RotateSession{.session = token.session,
                       .generation = token.generation,
                       .request_id = request_id,
                       .refresh_key_id = kRefreshKey,
                       .actor = AnActor()};
}

SessionCommand Maker::SignOut(const Token& token) {
  return EndSession{.session = token.session, .why = "logout", .actor = AnActor()};
}

SessionCommand Maker::Inspect(const Token& token) {
  return InspectSession{.session = token.session, .generation = token.generation};
}

UserCommand Maker::SignOutEverywhere(const Token& token) {
  return EndAllSessions{.user = token.session.user_id,
                        .token_version = token.token_version,
                        .why = "user",
                        .actor = AnActor()};
}

UserCommand Maker::ForceLogout(const UserId& user) {
  return EndAllSessions{.user = user, .why = "admin", .actor = AnActor()};
}

UserCommand Maker::SetDisabled(const UserId& user, bool disabled) {
  return SetUserStatus{.user = user, .disabled = disabled, .actor = AnActor()};
}

}  // namespace otpgate::sim
