#include "server/auth/code_drawer.h"

#include <memory>
#include <optional>
#include <utility>

namespace otpgate {
namespace {

crypto::CodeBinding BindingOf(const SubjectKey& subject, Purpose purpose, const OtpId& id) {
  return {.purpose = NameOf(purpose),
          .identifier = subject.identifier,
          .user_type = NameOf(subject.user_type),
          .otp_id = id.bytes};
}

}  // namespace

FreshCode CodeDrawer::DrawCode(const HandleContents& otp, absl::string_view locale) const {
  FreshCode fresh;
  fresh.code = crypto::GenerateCode(*parts_.random, parts_.digits);
  crypto::CodeMac::Mac mac = parts_.secrets->Get()->macs.Compute(
      BindingOf(otp.subject, otp.purpose, otp.otp_id), fresh.code);
  fresh.drawn.mac = std::move(mac.bytes);
  fresh.drawn.key_id = std::move(mac.key_id);
  fresh.drawn.message_id = DrawId<MessageTag>();
  fresh.drawn.sealed =
      parts_.seal(fresh.drawn.message_id, otp.subject, otp.purpose, fresh.code, locale);
  return fresh;
}

Origin CodeDrawer::DrawOrigin(std::string caller, std::string ip, absl::string_view method,
                              const std::string& request_id, absl::string_view payload) const {
  Origin origin;
  origin.caller = std::move(caller);
  origin.ip = std::move(ip);
  origin.audit_id = DrawId<AuditTag>();
  if (!request_id.empty()) {
    origin.request =
        Origin::Request{.key = {origin.caller, std::string(method), request_id},
                        .fingerprints = parts_.secrets->Get()->fingerprints.Compute(payload)};
  }
  return origin;
}

std::string CodeDrawer::SealHandle(const HandleContents& otp) const {
  return parts_.secrets->Get()->handles.Seal(
      {.user_type = std::string(NameOf(otp.subject.user_type)),
       .purpose = std::string(NameOf(otp.purpose)),
       .identifier = otp.subject.identifier,
       .otp_id = otp.otp_id.bytes});
}

std::optional<HandleContents> CodeDrawer::OpenHandle(absl::string_view handle) const {
  std::optional<crypto::HandleContent> content = parts_.secrets->Get()->handles.Open(handle);
  if (!content) return std::nullopt;
  const auto user_type = UserTypeFrom(content->user_type);
  const auto purpose = PurposeFrom(content->purpose);
  if (!user_type || !purpose) return std::nullopt;
  return HandleContents{.subject = {std::move(content->identifier), *user_type},
                        .purpose = *purpose,
                        .otp_id = OtpId{std::move(content->otp_id)}};
}

CodeMatches MatchesByMac(const CurrentSecrets* secrets) {
  return [secrets](const SubjectKey& subject, const Code& code,
                   absl::string_view guess) -> std::optional<bool> {
    const std::shared_ptr<const CodeSecrets> current = secrets->Get();
    if (!current->macs.Knows(code.key_id)) return std::nullopt;
    return current->macs.Matches({.key_id = code.key_id, .bytes = code.mac},
                                 BindingOf(subject, code.purpose, code.id), guess);
  };
}

}  // namespace otpgate
