#include "server/service/otp_factory.h"

#include <memory>
#include <optional>
#include <utility>

namespace otpgate::service {
namespace {

keys::CodeBinding BindingOf(const storage::SubjectKey& subject, storage::Purpose purpose,
                            const OtpId& id) {
  return {.purpose = NameOf(purpose),
          .identifier = subject.identifier,
          .user_type = NameOf(subject.user_type),
          .otp_id = id.bytes};
}

}  // namespace

GeneratedCode OtpFactory::MakeCode(const OtpReference& otp, absl::string_view locale) const {
  GeneratedCode fresh;
  fresh.code = keys::GenerateCode(*parts_.random, parts_.digits);
  keys::CodeMac::Mac mac = parts_.secrets->Get()->macs.Compute(
      BindingOf(otp.subject, otp.purpose, otp.otp_id), fresh.code);
  fresh.prepared.mac = std::move(mac.bytes);
  fresh.prepared.key_id = std::move(mac.key_id);
  fresh.prepared.message_id = MakeId<MessageTag>();
  fresh.prepared.sealed =
      parts_.seal(fresh.prepared.message_id, otp.subject, otp.purpose, fresh.code, locale);
  return fresh;
}

domain::Origin OtpFactory::MakeOrigin(std::string caller, std::string ip, absl::string_view method,
                                      const std::string& request_id,
                                      absl::string_view payload) const {
  domain::Origin origin;
  origin.caller = std::move(caller);
  origin.ip = std::move(ip);
  origin.audit_id = MakeId<AuditTag>();
  if (!request_id.empty()) {
    origin.request = domain::Origin::Request{
        .key = {origin.caller, std::string(method), request_id},
        .fingerprints = parts_.secrets->Get()->fingerprints.Compute(payload)};
  }
  return origin;
}

std::string OtpFactory::SealHandle(const OtpReference& otp) const {
  return parts_.secrets->Get()->handles.Seal(
      {.user_type = std::string(NameOf(otp.subject.user_type)),
       .purpose = std::string(NameOf(otp.purpose)),
       .identifier = otp.subject.identifier,
       .otp_id = otp.otp_id.bytes,
       .caller = otp.caller});
}

std::optional<OtpReference> OtpFactory::OpenHandle(absl::string_view handle,
                                                   absl::string_view caller) const {
  std::optional<keys::HandlePayload> content = parts_.secrets->Get()->handles.Open(handle);
  if (!content || (!content->caller.empty() && content->caller != caller)) return std::nullopt;
  const auto user_type = storage::UserTypeFrom(content->user_type);
  const auto purpose = storage::PurposeFrom(content->purpose);
  if (!user_type || !purpose) return std::nullopt;
  return OtpReference{.subject = {std::move(content->identifier), *user_type},
                      .purpose = *purpose,
                      .otp_id = OtpId{std::move(content->otp_id)},
                      .caller = std::move(content->caller)};
}

domain::CodeMatches MatchesByMac(const CurrentSecrets* secrets) {
  return [secrets](const storage::SubjectKey& subject, const storage::Code& code,
                   absl::string_view guess) -> std::optional<bool> {
    const std::shared_ptr<const CodeSecrets> current = secrets->Get();
    if (!current->macs.Knows(code.key_id)) return std::nullopt;
    return current->macs.Matches({.key_id = code.key_id, .bytes = code.mac},
                                 BindingOf(subject, code.purpose, code.id), guess);
  };
}

}  // namespace otpgate::service
