#include "tests/simulation/command_factory.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace otpgate::simulation {
namespace {

constexpr char kCaller[] = "app";
constexpr char kRefreshKey[] = "r1";

domain::Actor AnActor() { return {.caller = kCaller, .ip = {}, .audit_id = {}}; }

}  // namespace

std::string CommandFactory::DrawRequestId() {
  std::string id(16, '\0');
  choices_.Fill(id.data(), id.size());
  return id;
}

std::string CommandFactory::DrawDigits() {
  return absl::StrFormat("%06d", choices_.Below(1'000'000));
}

domain::PreparedCode CommandFactory::MakeCode() {
  const MessageId message = Draw<MessageTag>();
  return {.mac = MacOf(DrawDigits(), message),
          .key_id = "p1",
          .message_id = message,
          .sealed = "sealed"};
}

domain::Origin CommandFactory::OriginOf(const char* method, const std::string& request_id,
                                        const std::string& payload) {
  domain::Origin origin;
  origin.caller = kCaller;
  if (request_id.empty()) return origin;
  std::string fingerprint = absl::StrCat("f1:", payload);
  fingerprint.resize(40, '.');
  origin.request = domain::Origin::Request{.key = {kCaller, method, request_id},
                                           .fingerprints = {std::move(fingerprint)}};
  return origin;
}

domain::SubjectCommand CommandFactory::Request(const storage::SubjectKey& subject,
                                               storage::Purpose purpose,
                                               const std::string& request_id) {
  const std::string payload(NameOf(purpose));
  return domain::RequestOtp{.subject = subject,
                            .purpose = purpose,
                            .bound = choices_.Chance(0.7),
                            .bearer = {},
                            .otp_id = Draw<OtpTag>(),
                            .code = MakeCode(),
                            .origin = OriginOf("RequestOtp", request_id, payload)};
}

domain::SubjectCommand CommandFactory::Resend(const Handle& handle, const std::string& request_id) {
  return domain::ResendOtp{.subject = handle.subject,
                           .purpose = handle.purpose,
                           .otp_id = handle.otp_id,
                           .code = MakeCode(),
                           .origin = OriginOf("ResendOtp", request_id, handle.otp_id.bytes)};
}

domain::SubjectCommand CommandFactory::Verify(const Handle& handle, const std::string& guess,
                                              const std::string& request_id) {
  return domain::VerifyOtp{
      .subject = handle.subject,
      .purpose = handle.purpose,
      .otp_id = handle.otp_id,
      .guess = guess,
      .bearer = {},
      .device_info = "device",
      .new_user_id = Draw<UserTag>(),
      .session_id = Draw<SessionTag>(),
      .refresh_key_id = kRefreshKey,
      .origin = OriginOf("VerifyOtp", request_id, absl::StrCat(guess, handle.otp_id.bytes))};
}

domain::SubjectCommand CommandFactory::Unlock(const storage::SubjectKey& subject) {
  return domain::UnlockSubject{.subject = subject, .origin = OriginOf("Unlock", "", "")};
}

domain::SubjectCommand CommandFactory::Void(const storage::SubjectKey& subject) {
  return domain::VoidCodes{.subject = subject, .origin = OriginOf("Void", "", "")};
}

domain::SessionCommand CommandFactory::Refresh(const Token& token, const std::string& request_id) {
  return domain::RotateSession{.session = token.session,
                               .generation = token.generation,
                               .request_id = request_id,
                               .refresh_key_id = kRefreshKey,
                               .actor = AnActor()};
}

domain::SessionCommand CommandFactory::SignOut(const Token& token) {
  return domain::EndSession{
      .session = token.session, .reason = storage::RevokedReason::kLogout, .actor = AnActor()};
}

domain::SessionCommand CommandFactory::Inspect(const Token& token) {
  return domain::InspectSession{.session = token.session, .generation = token.generation};
}

domain::UserCommand CommandFactory::SignOutEverywhere(const Token& token) {
  return domain::EndAllSessions{.user = token.session.user_id,
                                .token_version = token.token_version,
                                .reason = storage::RevokedReason::kUser,
                                .actor = AnActor()};
}

domain::UserCommand CommandFactory::ForceLogout(const UserId& user) {
  return domain::EndAllSessions{
      .user = user, .reason = storage::RevokedReason::kAdmin, .actor = AnActor()};
}

domain::UserCommand CommandFactory::SetDisabled(const UserId& user, bool disabled) {
  return domain::SetUserStatus{.user = user, .disabled = disabled, .actor = AnActor()};
}

}  // namespace otpgate::simulation
