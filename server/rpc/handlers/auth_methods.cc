#include "server/rpc/handlers/auth_methods.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/crypto/jwks.h"
#include "otpgate/v1/auth_service.pb.h"
#include "server/runtime/mask.h"

namespace otpgate::rpc {
namespace {

service::CallContext ContextOf(CallInfo info) {
  service::CallContext context;
  context.caller = info.caller->id();
  context.end_user_address = std::move(info.end_user_address);
  context.bearer = std::move(info.bearer_token);
  context.cancellation.deadline = info.deadline;
  context.cancellation.cancelled = std::move(info.cancelled);
  return context;
}

// --- Parts that several responses share.

v1::UserType ToProto(storage::UserType type) {
  return type == storage::UserType::kDemo ? v1::USER_TYPE_DEMO : v1::USER_TYPE_LIVE;
}

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1'000);
}

uint32_t NumericDate(absl::Time time) { return static_cast<uint32_t>(absl::ToUnixSeconds(time)); }

uint32_t ToUint32(int64_t seconds) {
  return static_cast<uint32_t>(
      std::clamp<int64_t>(seconds, 0, std::numeric_limits<uint32_t>::max()));
}

// Whole seconds: lifetimes are rounded down and waits are rounded up, so that the caller comes
// neither too late nor too early.
uint32_t SecondsLeft(absl::Duration life) {
  return ToUint32(absl::ToInt64Seconds(absl::Floor(life, absl::Seconds(1))));
}
uint32_t SecondsToWait(absl::Duration wait) {
  return ToUint32(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
}

// An account has an identifier only after a code sent to it was entered correctly, so each one it
// has is verified.
void SetUser(const service::UserProfile& profile, v1::User& user) {
  user.set_id(crypto::Base64UrlEncode(profile.id.bytes));
  user.set_user_type(ToProto(profile.user_type));
  user.set_phone_number(profile.phone_number);
  user.set_email(profile.email);
  user.set_phone_verified(!profile.phone_number.empty());
  user.set_email_verified(!profile.email.empty());
  SetTimestamp(profile.created_at, *user.mutable_create_time());
}

// VerifyOtpResponse and RefreshTokenResponse have the same names for the fields of a token pair.
template <class Response>
void SetTokens(const service::TokenPair& tokens, Response& response) {
  response.set_access_token(tokens.access_token);
  response.set_refresh_token(tokens.refresh_token);
  response.set_token_type("bearer");
  response.set_expires_in(SecondsLeft(tokens.expires_in));
  response.set_refresh_expires_in(SecondsLeft(tokens.refresh_expires_in));
  response.set_session_id(crypto::Base64UrlEncode(tokens.session_id.bytes));
}

// --- The response of each RPC.

// RequestOtpResponse and ResendOtpResponse hold the same fields.
template <class Response>
errors::Outcome<Response> IssuedResponse(const service::OtpIssued& issued) {
  Response response;
  response.set_handle(issued.handle);
  response.set_expires_in(SecondsLeft(issued.expires_in));
  response.set_resend_after(SecondsToWait(issued.resend_after));
  response.set_masked_destination(runtime::MaskIdentifier(issued.identifier));
  response.set_code_length(static_cast<uint32_t>(issued.code_length));
  response.set_development_code(issued.development_code);
  return response;
}

errors::Outcome<v1::VerifyOtpResponse> VerifiedResponse(const service::OtpVerified& verified) {
  v1::VerifyOtpResponse response;
  response.set_verified(true);
  if (verified.user) SetUser(*verified.user, *response.mutable_user());
  response.set_new_user(verified.new_user);
  if (verified.tokens) SetTokens(*verified.tokens, response);
  response.set_proof(verified.proof);
  return response;
}

errors::Outcome<v1::RefreshTokenResponse> RefreshedResponse(const service::TokenPair& tokens) {
  v1::RefreshTokenResponse response;
  SetTokens(tokens, response);
  return response;
}

errors::Outcome<v1::IntrospectTokenResponse> FactsResponse(
    const std::optional<service::TokenFacts>& facts) {
  v1::IntrospectTokenResponse response;
  if (!facts) return response;
  response.set_active(true);
  response.set_token_type(facts->refresh ? "refresh_token" : "access_token");
  response.set_sub(crypto::Base64UrlEncode(facts->user_id.bytes));
  response.set_sid(crypto::Base64UrlEncode(facts->session_id.bytes));
  response.set_client_id(facts->client_id);
  response.set_user_type(ToProto(facts->user_type));
  response.set_iss(facts->issuer);
  for (const std::string& audience : facts->audiences) response.add_aud(audience);
  response.set_jti(facts->token_id);
  response.set_iat(NumericDate(facts->issued_at));
  response.set_exp(NumericDate(facts->expires_at));
  response.set_auth_time(NumericDate(facts->auth_time));
  response.add_amr(facts->amr);
  return response;
}

errors::Outcome<v1::GetCurrentUserResponse> UserResponse(const service::UserProfile& profile) {
  v1::GetCurrentUserResponse response;
  SetUser(profile, *response.mutable_user());
  return response;
}

errors::Outcome<v1::ListSessionsResponse> SessionsResponse(
    const std::vector<service::SessionView>& views) {
  v1::ListSessionsResponse response;
  for (const service::SessionView& view : views) {
    v1::Session& session = *response.add_sessions();
    session.set_id(crypto::Base64UrlEncode(view.info.id.bytes));
    session.set_current(view.current);
    session.set_device_info(view.info.device_info);
    session.set_ip_address(view.info.ip);
    session.set_amr(view.info.amr);
    session.set_client_id(view.info.caller);
    SetTimestamp(view.info.created_at, *session.mutable_create_time());
    SetTimestamp(view.info.last_seen_at, *session.mutable_last_seen_time());
    SetTimestamp(std::min(view.info.idle_expires_at, view.info.absolute_expires_at),
                 *session.mutable_expire_time());
  }
  return response;
}

// The fields have the names of RFC 7517, so the JSON of a key set is the JSON of this message.
errors::Outcome<v1::GetJwksResponse> JwksResponse(const std::vector<crypto::VerifyKey>& keys) {
  v1::GetJwksResponse response;
  const google::protobuf::util::Status parsed =
      google::protobuf::util::JsonStringToMessage(crypto::JwksJson(keys), &response);
  if (!parsed.ok()) return tl::unexpected(errors::Failure{});
  return response;
}

// For responses without fields.
template <class Response>
errors::Outcome<Response> EmptyResponse(const std::monostate&) {
  return Response();
}

// --- The handler of every RPC: validate, call, convert.

template <class Result, class Response>
using Convert = errors::Outcome<Response> (*)(const Result&);

template <class Result, class Response>
runtime::Task<errors::Outcome<Response>> Answer(runtime::Task<errors::Outcome<Result>> use_case,
                                                Convert<Result, Response> convert) {
  errors::Outcome<Result> outcome = co_await std::move(use_case);
  co_return std::move(outcome).and_then(convert);
}

template <class Response>
runtime::Task<errors::Outcome<Response>> Refuse(errors::Failure failure) {
  co_return tl::unexpected(std::move(failure));
}

std::string Named(absl::string_view method) {
  return absl::StrCat("otpgate.v1.AuthService/", method);
}

// A method whose request has fields.
template <class Request, class Api, class Input, class Result, class Response>
UnaryMethod Method(absl::string_view name, const Api* api,
                   const validation::ValidationLimits& limits,
                   runtime::Task<errors::Outcome<Result>> (Api::*use_case)(service::CallContext,
                                                                           Input) const,
                   Convert<Result, Response> convert) {
  return Unary<Request, Response>(
      Named(name), Access::kCallers, [=](CallInfo info, const Request& request) {
        errors::Outcome<Input> input = validation::Validate(request, limits);
        if (!input) return Refuse<Response>(input.error());
        return Answer((api->*use_case)(ContextOf(std::move(info)), *std::move(input)), convert);
      });
}

// A method whose request has no fields.
template <class Request, class Api, class Result, class Response>
UnaryMethod Method(absl::string_view name, const Api* api,
                   runtime::Task<errors::Outcome<Result>> (Api::*use_case)(service::CallContext)
                       const,
                   Convert<Result, Response> convert) {
  return Unary<Request, Response>(
      Named(name), Access::kCallers, [=](CallInfo info, const Request&) {
        return Answer((api->*use_case)(ContextOf(std::move(info))), convert);
      });
}

UnaryMethod ForAnyone(UnaryMethod method) {
  method.access = Access::kAnyone;
  return method;
}

}  // namespace

std::vector<UnaryMethod> AuthMethods(const service::OtpApi* otps,
                                     const service::SessionApi* sessions,
                                     const validation::ValidationLimits& limits) {
  return {Method<v1::RequestOtpRequest>("RequestOtp", otps, limits, &service::OtpApi::RequestOtp,
                                        IssuedResponse<v1::RequestOtpResponse>),
          Method<v1::ResendOtpRequest>("ResendOtp", otps, limits, &service::OtpApi::ResendOtp,
                                       IssuedResponse<v1::ResendOtpResponse>),
          Method<v1::VerifyOtpRequest>("VerifyOtp", otps, limits, &service::OtpApi::VerifyOtp,
                                       VerifiedResponse),
          ReadOnly(Method<v1::GetCurrentUserRequest>(
              "GetCurrentUser", otps, &service::OtpApi::GetCurrentUser, UserResponse)),
          Method<v1::RefreshTokenRequest>("RefreshToken", sessions, limits,
                                          &service::SessionApi::RefreshToken, RefreshedResponse),
          Method<v1::RevokeTokenRequest>("RevokeToken", sessions, limits,
                                         &service::SessionApi::RevokeToken,
                                         EmptyResponse<v1::RevokeTokenResponse>),
          ReadOnly(Method<v1::IntrospectTokenRequest>("IntrospectToken", sessions, limits,
                                                      &service::SessionApi::IntrospectToken,
                                                      FactsResponse)),
          ReadOnly(Method<v1::ListSessionsRequest>(
              "ListSessions", sessions, &service::SessionApi::ListSessions, SessionsResponse)),
          Method<v1::RevokeSessionRequest>("RevokeSession", sessions, limits,
                                           &service::SessionApi::RevokeSession,
                                           EmptyResponse<v1::RevokeSessionResponse>),
          Method<v1::RevokeAllSessionsRequest>("RevokeAllSessions", sessions,
                                               &service::SessionApi::RevokeAllSessions,
                                               EmptyResponse<v1::RevokeAllSessionsResponse>),
          ForAnyone(ReadOnly(Method<v1::GetJwksRequest>(
              "GetJwks", sessions, &service::SessionApi::GetJwks, JwksResponse)))};
}

}  // namespace otpgate::rpc
