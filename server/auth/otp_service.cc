#include "server/auth/otp_service.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/auth/failures.h"
#include "server/validation/canonical_payload.h"

namespace otpgate {
namespace {

std::string AddressOf(const CallContext& context) {
  return context.client ? context.client->text : std::string();
}

absl::Duration Left(absl::Time until, absl::Time now) {
  return std::max(until - now, absl::ZeroDuration());
}

// Charges the end user's address, then goes on; a refusal is the answer. Nothing to charge when no
// address was forwarded or limits are off.
template <class T>
void Charge(ClientLimiter* limiter, const CallContext& context, UserType user_type, Done<T> done,
            std::function<void(Done<T>)> next) {
  if (limiter == nullptr || !context.client) return next(std::move(done));
  limiter->Take(*context.client, user_type, context.patience,
                [done = std::move(done), next = std::move(next)](Outcome<std::monostate> taken) {
                  if (auto* failure = std::get_if<Failure>(&taken)) return done(*failure);
                  next(done);
                });
}

// Goes on at once for `login`; else with the account behind the bearer token, which must be of the
// same user type.
template <class T>
void WithBearer(const AccountCheck& accounts, const CallContext& context, Purpose purpose,
                UserType user_type, Done<T> done,
                std::function<void(const std::optional<BearerReply>&, Done<T>)> next) {
  if (purpose == Purpose::kLogin) return next(std::nullopt, std::move(done));
  accounts.Check(
      context.bearer, context.patience,
      [user_type, done = std::move(done), next = std::move(next)](Outcome<BearerReply> checked) {
        if (auto* failure = std::get_if<Failure>(&checked)) return done(*failure);
        auto& bearer = std::get<BearerReply>(checked);
        if (bearer.account.user_type != user_type) {
          return done(FailureOf(Reason::kUnauthenticated));
        }
        next(std::move(bearer), done);
      });
}

}  // namespace

void OtpService::RequestOtp(const CallContext& context, RequestOtpInput input,
                            Done<OtpIssued> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  const UserType user_type = input.user_type;
  Charge<OtpIssued>(parts_.client_limiter, context, user_type, std::move(done),
                    [this, context, input = std::move(input)](Done<OtpIssued> charged) {
                      WithBearer<OtpIssued>(
                          *parts_.accounts, context, input.purpose, input.user_type,
                          std::move(charged),
                          [this, context, input](const std::optional<BearerReply>& bearer,
                                                 Done<OtpIssued> checked) {
                            SubmitRequest(context, input, bearer ? bearer->account.id : UserId{},
                                          std::move(checked));
                          });
                    });
}

void OtpService::ResendOtp(const CallContext& context, ResendOtpInput input,
                           Done<OtpIssued> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  std::optional<HandleContents> otp = parts_.drawer->OpenHandle(input.handle);
  if (!otp) return done(FailureOf(Reason::kOtpInvalid));
  const UserType user_type = otp->subject.user_type;
  Charge<OtpIssued>(
      parts_.client_limiter, context, user_type, std::move(done),
      [this, context, input = std::move(input), otp = *std::move(otp)](Done<OtpIssued> charged) {
        SubmitResend(context, input, otp, std::move(charged));
      });
}

void OtpService::VerifyOtp(const CallContext& context, VerifyOtpInput input,
                           Done<OtpVerified> done) const {
  if (!parts_.tokens->ready()) return done(FailureFrom(absl::UnavailableError("")));
  std::optional<HandleContents> otp = parts_.drawer->OpenHandle(input.handle);
  if (!otp) return done(FailureOf(Reason::kOtpInvalid));
  const UserType user_type = otp->subject.user_type;
  Charge<OtpVerified>(
      parts_.client_limiter, context, user_type, std::move(done),
      [this, context, input = std::move(input), otp = *std::move(otp)](Done<OtpVerified> charged) {
        WithBearer<OtpVerified>(
            *parts_.accounts, context, otp.purpose, otp.subject.user_type, std::move(charged),
            [this, context, input, otp](const std::optional<BearerReply>& bearer,
                                        Done<OtpVerified> checked) {
              SubmitVerify(context, input, otp, bearer, std::move(checked));
            });
      });
}

void OtpService::GetCurrentUser(const CallContext& context, Done<UserProfile> done) const {
  parts_.accounts->Check(context.bearer, context.patience,
                         [done = std::move(done)](Outcome<BearerReply> checked) {
                           if (auto* failure = std::get_if<Failure>(&checked)) {
                             return done(*failure);
                           }
                           const auto& bearer = std::get<BearerReply>(checked);
                           done(ProfileOf(bearer.account, bearer.identities));
                         });
}

void OtpService::SubmitRequest(const CallContext& context, const RequestOtpInput& input,
                               const UserId& bearer, Done<OtpIssued> done) const {
  const HandleContents otp{.subject = {input.identifier, input.user_type},
                           .purpose = input.purpose,
                           .otp_id = parts_.drawer->DrawId<OtpTag>()};
  FreshCode fresh = parts_.drawer->DrawCode(otp, input.locale);
  const std::string payload = absl::StrCat(CanonicalPayload(input), bearer.bytes);
  otpgate::RequestOtp command{
      .subject = otp.subject,
      .purpose = otp.purpose,
      .bound = true,
      .bearer = bearer,
      .otp_id = otp.otp_id,
      .code = fresh.drawn,
      .origin = parts_.drawer->DrawOrigin(context.caller, AddressOf(context), "RequestOtp",
                                          input.request_id, payload)};
  SubmitIssue(context, otp, std::move(fresh), std::move(command), "OTP_REQUEST_REFUSED",
              std::move(done));
}

void OtpService::SubmitResend(const CallContext& context, const ResendOtpInput& input,
                              const HandleContents& otp, Done<OtpIssued> done) const {
  FreshCode fresh = parts_.drawer->DrawCode(otp, input.locale);
  otpgate::ResendOtp command{
      .subject = otp.subject,
      .purpose = otp.purpose,
      .otp_id = otp.otp_id,
      .code = fresh.drawn,
      .origin = parts_.drawer->DrawOrigin(context.caller, AddressOf(context), "ResendOtp",
                                          input.request_id, CanonicalPayload(input))};
  SubmitIssue(context, otp, std::move(fresh), std::move(command), "OTP_RESEND_REFUSED",
              std::move(done));
}

void OtpService::SubmitIssue(const CallContext& context, const HandleContents& otp, FreshCode fresh,
                             SubjectCommand command, absl::string_view refusal,
                             Done<OtpIssued> done) const {
  parts_.subjects->Submit(
      {.command = std::move(command),
       .answer =
           [this, otp, fresh = std::move(fresh), refusal = std::string(refusal),
            caller = context.caller, done = std::move(done)](absl::StatusOr<SubjectReply> reply) {
             if (!reply.ok()) return done(FailureFrom(reply.status()));
             parts_.answers->Note(otp.subject, otp.purpose, caller, refusal, *reply);
             if (!reply->ok()) return done(FailureFrom(*reply));
             // A record that somebody edited by hand may lack what a handle is made of.
             if (reply->otp_id.empty()) return done(FailureOf(Reason::kInternal));
             if (!reply->replayed) {
               parts_.on_message({otp.subject.identifier, fresh.drawn.message_id});
             }
             done(Issued(otp, fresh, *reply));
           },
       .patience = context.patience});
}

OtpIssued OtpService::Issued(const HandleContents& otp, const FreshCode& fresh,
                             const SubjectReply& reply) const {
  HandleContents named = otp;
  named.otp_id = reply.otp_id;  // of the recorded outcome when it is a repeat
  OtpIssued issued{.handle = parts_.drawer->SealHandle(named),
                   .expires_in = Left(reply.expires_at, reply.now),
                   .resend_after = Left(reply.resend_at, reply.now),
                   .identifier = otp.subject.identifier,
                   .code_length = parts_.drawer->digits(),
                   .development_code = ""};
  if (parts_.reveal_codes && !reply.replayed) issued.development_code = fresh.code;
  return issued;
}

void OtpService::SubmitVerify(const CallContext& context, const VerifyOtpInput& input,
                              const HandleContents& otp, const std::optional<BearerReply>& bearer,
                              Done<OtpVerified> done) const {
  const UserId bearer_id = bearer ? bearer->account.id : UserId{};
  const std::string payload = absl::StrCat(CanonicalPayload(input), bearer_id.bytes);
  otpgate::VerifyOtp command{
      .subject = otp.subject,
      .purpose = otp.purpose,
      .otp_id = otp.otp_id,
      .guess = input.code,
      .bearer = bearer_id,
      .bearer_account = bearer ? std::optional<Account>(bearer->account) : std::nullopt,
      .device_info = input.device_info,
      .new_user_id = parts_.drawer->DrawId<UserTag>(),
      .session_id = parts_.drawer->DrawId<SessionTag>(),
      .refresh_key_id = parts_.tokens->refresh_key_id(),
      .origin = parts_.drawer->DrawOrigin(context.caller, AddressOf(context), "VerifyOtp",
                                          input.request_id, payload)};
  parts_.subjects->Submit({.command = std::move(command),
                           .answer =
                               [this, otp, bearer, caller = context.caller,
                                done = std::move(done)](absl::StatusOr<SubjectReply> reply) {
                                 if (!reply.ok()) return done(FailureFrom(reply.status()));
                                 parts_.answers->Note(otp.subject, otp.purpose, caller,
                                                      "OTP_VERIFICATION_REFUSED", *reply);
                                 if (!reply->ok()) return done(FailureFrom(*reply));
                                 // A signature takes longer than a worker should spend on one
                                 // answer.
                                 parts_.executor->Post(
                                     [this, otp, caller, bearer, done, reply = *std::move(reply)] {
                                       AnswerVerified(otp, caller, reply, bearer, done);
                                     });
                               },
                           .patience = context.patience});
}

void OtpService::AnswerVerified(const HandleContents& otp, const std::string& caller,
                                const SubjectReply& reply, const std::optional<BearerReply>& bearer,
                                const Done<OtpVerified>& done) const {
  OtpVerified verified;
  verified.new_user = reply.new_user;
  if (bearer) {
    std::vector<Identity> identities = bearer->identities;
    identities.push_back({bearer->account.id, otp.subject, reply.now});
    verified.user = ProfileOf(bearer->account, identities);
    return done(std::move(verified));
  }
  if (!reply.account || !reply.session) return done(FailureOf(Reason::kInternal));
  verified.user = ProfileOf(*reply.account, reply.identities);
  absl::StatusOr<TokenPair> tokens =
      parts_.tokens->Issue(*reply.account, GenerationOf(*reply.session, caller), reply.now);
  if (!tokens.ok()) return done(FailureOf(Reason::kInternal));
  verified.tokens = *std::move(tokens);
  done(std::move(verified));
}

}  // namespace otpgate
