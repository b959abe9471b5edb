#include "server/service/otp_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/codes.h"
#include "server/engine/submit.h"
#include "server/service/failures.h"
#include "server/validation/canonical_payload.h"

namespace otpgate::service {
namespace {

std::string AddressOf(const CallContext& context) {
  return context.end_user_address ? context.end_user_address->text : std::string();
}

absl::Duration Left(absl::Time until, absl::Time now) {
  return std::max(until - now, absl::ZeroDuration());
}

runtime::Task<errors::Outcome<std::monostate>> NothingToCharge() { co_return std::monostate(); }

// The use cases come first, then the steps they share.
class OtpService final : public OtpApi {
 public:
  explicit OtpService(OtpServiceParts parts) : parts_(std::move(parts)) {}

  runtime::Task<errors::Outcome<OtpIssued>> RequestOtp(
      CallContext context, validation::RequestOtpInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    errors::Outcome<std::monostate> charged = co_await ChargeAddress(context, input.user_type);
    if (!charged) co_return tl::unexpected(charged.error());

    UserId bearer;  // empty where the purpose has none
    if (domain::IsForBearer(input.purpose)) {
      errors::Outcome<domain::BearerReply> checked =
          co_await CheckBearer(context.bearer, input.user_type, context.cancellation);
      if (!checked) co_return tl::unexpected(checked.error());
      bearer = std::move(checked->account.id);
    }

    const OtpReference otp = NewOtp(input, context.caller);
    GeneratedCode fresh = parts_.otp_factory->MakeCode(otp, input.locale);
    const storage::MessageKey message{otp.subject.identifier, fresh.prepared.message_id};
    domain::SubjectCommand command =
        RequestCommand(context, input, otp, std::move(fresh.prepared), std::move(bearer));
    const absl::StatusOr<domain::SubjectReply> reply =
        co_await Submit(parts_.subjects, std::move(command), context.cancellation);
    co_return Issued(context, domain::Event::kOtpRequestRefused, otp, message, fresh.code, reply);
  }

  runtime::Task<errors::Outcome<OtpIssued>> ResendOtp(
      CallContext context, validation::ResendOtpInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    const std::optional<OtpReference> otp =
        parts_.otp_factory->OpenHandle(input.handle, context.caller);
    if (!otp) co_return tl::unexpected(FailureOf(errors::Reason::kOtpInvalid));
    errors::Outcome<std::monostate> charged =
        co_await ChargeAddress(context, otp->subject.user_type);
    if (!charged) co_return tl::unexpected(charged.error());

    GeneratedCode fresh = parts_.otp_factory->MakeCode(*otp, input.locale);
    const storage::MessageKey message{otp->subject.identifier, fresh.prepared.message_id};
    domain::SubjectCommand command = ResendCommand(context, input, *otp, std::move(fresh.prepared));
    const absl::StatusOr<domain::SubjectReply> reply =
        co_await Submit(parts_.subjects, std::move(command), context.cancellation);
    co_return Issued(context, domain::Event::kOtpResendRefused, *otp, message, fresh.code, reply);
  }

  runtime::Task<errors::Outcome<OtpVerified>> VerifyOtp(
      CallContext context, validation::VerifyOtpInput input) const override {
    if (!parts_.tokens->ready()) co_return tl::unexpected(FailureFrom(absl::UnavailableError("")));
    const std::optional<OtpReference> otp =
        parts_.otp_factory->OpenHandle(input.handle, context.caller);
    if (!otp) co_return tl::unexpected(FailureOf(errors::Reason::kOtpInvalid));
    const storage::UserType user_type = otp->subject.user_type;
    errors::Outcome<std::monostate> charged = co_await ChargeAddress(context, user_type);
    if (!charged) co_return tl::unexpected(charged.error());

    std::optional<domain::BearerReply> bearer;  // none where the purpose has none
    if (domain::IsForBearer(otp->purpose)) {
      errors::Outcome<domain::BearerReply> checked =
          co_await CheckBearer(context.bearer, user_type, context.cancellation);
      if (!checked) co_return tl::unexpected(checked.error());
      bearer = *std::move(checked);
    }

    domain::SubjectCommand command = VerifyCommand(context, std::move(input), *otp, bearer);
    absl::StatusOr<domain::SubjectReply> reply =
        co_await Submit(parts_.subjects, std::move(command), context.cancellation);
    if (!reply.ok()) co_return tl::unexpected(FailureFrom(reply.status()));
    parts_.event_log->Note(otp->subject, otp->purpose, context.caller,
                           domain::Event::kOtpVerificationRefused, *reply);
    if (!reply->ok()) co_return tl::unexpected(FailureFrom(*reply));
    if (bearer) co_return Attached(*std::move(bearer), otp->subject, reply->now);

    // Moves off the worker, because a signature takes long.
    co_await parts_.executor->Schedule();
    co_return otp->purpose == storage::Purpose::kVerification
        ? Proved(context.caller, otp->subject, *reply)
        : LoggedIn(context.caller, *reply);
  }

  runtime::Task<errors::Outcome<UserProfile>> GetCurrentUser(CallContext context) const override {
    errors::Outcome<domain::BearerReply> checked =
        co_await parts_.accounts->Check(std::move(context.bearer), std::move(context.cancellation));
    if (!checked) co_return tl::unexpected(checked.error());
    co_return ProfileOf(checked->account, checked->identities);
  }

 private:
  // Charges the end user's address, unless none was forwarded or limits are off.
  runtime::Task<errors::Outcome<std::monostate>> ChargeAddress(const CallContext& context,
                                                               storage::UserType user_type) const {
    if (parts_.address_limiter == nullptr || !context.end_user_address) return NothingToCharge();
    return parts_.address_limiter->Take(*context.end_user_address, user_type, context.cancellation);
  }

  // Checks the bearer token, whose account must be of this user type.
  runtime::Task<errors::Outcome<domain::BearerReply>> CheckBearer(
      std::string token, storage::UserType user_type, engine::Cancellation cancellation) const {
    errors::Outcome<domain::BearerReply> checked =
        co_await parts_.accounts->Check(std::move(token), std::move(cancellation));
    if (checked && checked->account.user_type != user_type) {
      co_return tl::unexpected(FailureOf(errors::Reason::kUnauthenticated));
    }
    co_return checked;
  }

  // A proof names its caller. Bound to the caller that asked, a code that a person gives to one
  // service cannot be turned into a proof for another.
  OtpReference NewOtp(const validation::RequestOtpInput& input, const std::string& caller) const {
    return {.subject = {input.identifier, input.user_type},
            .purpose = input.purpose,
            .otp_id = parts_.otp_factory->MakeId<OtpTag>(),
            .caller = input.purpose == storage::Purpose::kVerification ? caller : std::string()};
  }

  domain::SubjectCommand RequestCommand(const CallContext& context,
                                        const validation::RequestOtpInput& input,
                                        const OtpReference& otp, domain::PreparedCode code,
                                        UserId bearer) const {
    const std::string payload = absl::StrCat(validation::CanonicalPayload(input), bearer.bytes);
    return domain::RequestOtp{
        .subject = otp.subject,
        .purpose = otp.purpose,
        .bound = true,
        .bearer = std::move(bearer),
        .otp_id = otp.otp_id,
        .code = std::move(code),
        .origin = parts_.otp_factory->MakeOrigin(context.caller, AddressOf(context), "RequestOtp",
                                                 input.request_id, payload)};
  }

  domain::SubjectCommand ResendCommand(const CallContext& context,
                                       const validation::ResendOtpInput& input,
                                       const OtpReference& otp, domain::PreparedCode code) const {
    return domain::ResendOtp{.subject = otp.subject,
                             .purpose = otp.purpose,
                             .otp_id = otp.otp_id,
                             .code = std::move(code),
                             .origin = parts_.otp_factory->MakeOrigin(
                                 context.caller, AddressOf(context), "ResendOtp", input.request_id,
                                 validation::CanonicalPayload(input))};
  }

  domain::SubjectCommand VerifyCommand(const CallContext& context, validation::VerifyOtpInput input,
                                       const OtpReference& otp,
                                       const std::optional<domain::BearerReply>& bearer) const {
    const UserId bearer_id = bearer ? bearer->account.id : UserId{};
    const std::string payload = absl::StrCat(validation::CanonicalPayload(input), bearer_id.bytes);
    return domain::VerifyOtp{
        .subject = otp.subject,
        .purpose = otp.purpose,
        .otp_id = otp.otp_id,
        .guess = std::move(input.code),
        .bearer = bearer_id,
        .bearer_account = bearer ? std::optional<storage::Account>(bearer->account) : std::nullopt,
        .device_info = std::move(input.device_info),
        .new_user_id = parts_.otp_factory->MakeId<UserTag>(),
        .session_id = parts_.otp_factory->MakeId<SessionTag>(),
        .refresh_key_id = parts_.tokens->refresh_key_id(),
        .origin = parts_.otp_factory->MakeOrigin(context.caller, AddressOf(context), "VerifyOtp",
                                                 input.request_id, payload)};
  }

  // Logs the reply of a command that issues a code, passes its message to delivery and makes the
  // answer. `refusal`: see SubjectEventLog::Note.
  errors::Outcome<OtpIssued> Issued(const CallContext& context, domain::Event refusal,
                                    const OtpReference& otp, const storage::MessageKey& message,
                                    const std::string& code,
                                    const absl::StatusOr<domain::SubjectReply>& reply) const {
    if (!reply.ok()) return tl::unexpected(FailureFrom(reply.status()));
    parts_.event_log->Note(otp.subject, otp.purpose, context.caller, refusal, *reply);
    if (!reply->ok()) return tl::unexpected(FailureFrom(*reply));
    // A request record that was edited by hand may lack the id.
    if (reply->otp_id.empty()) return tl::unexpected(FailureOf(errors::Reason::kInternal));
    if (!reply->replayed()) parts_.on_message(message);

    OtpReference named = otp;
    named.otp_id = reply->otp_id;  // a repeat names the recorded code
    OtpIssued issued{.handle = parts_.otp_factory->SealHandle(named),
                     .expires_in = Left(reply->expires_at, reply->now),
                     .resend_after = Left(reply->resend_at, reply->now),
                     .identifier = otp.subject.identifier,
                     .code_length = parts_.otp_factory->digits(),
                     .development_code = ""};
    if (parts_.reveal_codes && !reply->replayed()) issued.development_code = code;
    return issued;
  }

  // The answer to a right code that added an identifier to the bearer's account.
  static errors::Outcome<OtpVerified> Attached(domain::BearerReply bearer,
                                               const storage::SubjectKey& subject, absl::Time now) {
    bearer.identities.push_back({bearer.account.id, subject, now});
    OtpVerified verified;
    verified.user = ProfileOf(bearer.account, bearer.identities);
    return verified;
  }

  // The answer to a right code that proves to the caller that somebody holds the identifier.
  errors::Outcome<OtpVerified> Proved(const std::string& caller, const storage::SubjectKey& subject,
                                      const domain::SubjectReply& reply) const {
    absl::StatusOr<std::string> proof =
        parts_.tokens->IssueProof(subject, reply.otp_id, reply.decided_at(), caller);
    if (!proof.ok()) return tl::unexpected(FailureOf(errors::Reason::kInternal));
    OtpVerified verified;
    verified.proof = *std::move(proof);
    return verified;
  }

  errors::Outcome<OtpVerified> LoggedIn(const std::string& caller,
                                        const domain::SubjectReply& reply) const {
    if (!reply.account || !reply.session)
      return tl::unexpected(FailureOf(errors::Reason::kInternal));
    OtpVerified verified;
    verified.new_user = reply.new_user;
    verified.user = ProfileOf(*reply.account, reply.identities);
    absl::StatusOr<TokenPair> tokens =
        parts_.tokens->Issue(*reply.account, GenerationOf(*reply.session, caller), reply.now);
    if (!tokens.ok()) return tl::unexpected(FailureOf(errors::Reason::kInternal));
    verified.tokens = *std::move(tokens);
    return verified;
  }

  const OtpServiceParts parts_;
};

}  // namespace

std::unique_ptr<OtpApi> NewOtpService(OtpServiceParts parts) {
  return std::make_unique<OtpService>(std::move(parts));
}

}  // namespace otpgate::service
