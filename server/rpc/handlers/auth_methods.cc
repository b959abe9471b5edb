#include "server/rpc/handlers/auth_methods.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/crypto/base64url.h"
#include "base/crypto/jwks.h"
#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/messages.h"
#include "server/rpc/handlers/method_maker.h"
#include "server/runtime/mask.h"

namespace otpgate::rpc {
namespace {

uint32_t NumericDate(absl::Time time) { return static_cast<uint32_t>(absl::ToUnixSeconds(time)); }

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

UnaryMethod ForAnyone(UnaryMethod method) {
  method.access = Access::kAnyone;
  return method;
}

}  // namespace

std::vector<UnaryMethod> AuthMethods(const service::OtpApi* otps,
                                     const service::SessionApi* sessions,
                                     const validation::ValidationLimits& limits) {
  const MethodMaker maker("otpgate.v1.AuthService", limits);
  return {
      maker.Make<v1::RequestOtpRequest>("RequestOtp", otps, &service::OtpApi::RequestOtp,
                                        IssuedResponse<v1::RequestOtpResponse>),
      maker.Make<v1::ResendOtpRequest>("ResendOtp", otps, &service::OtpApi::ResendOtp,
                                       IssuedResponse<v1::ResendOtpResponse>),
      maker.Make<v1::VerifyOtpRequest>("VerifyOtp", otps, &service::OtpApi::VerifyOtp,
                                       VerifiedResponse),
      ReadOnly(maker.Make<v1::GetCurrentUserRequest>(
          "GetCurrentUser", otps, &service::OtpApi::GetCurrentUser, UserResponse,
          [](service::CallContext& context) { context.session_token_will_do = true; })),
      maker.Make<v1::RefreshTokenRequest>("RefreshToken", sessions,
                                          &service::SessionApi::RefreshToken, RefreshedResponse),
      maker.Make<v1::RevokeTokenRequest>("RevokeToken", sessions, &service::SessionApi::RevokeToken,
                                         EmptyResponse<v1::RevokeTokenResponse>),
      ReadOnly(maker.Make<v1::IntrospectTokenRequest>(
          "IntrospectToken", sessions, &service::SessionApi::IntrospectToken, FactsResponse)),
      ReadOnly(maker.Make<v1::ListSessionsRequest>(
          "ListSessions", sessions, &service::SessionApi::ListSessions, SessionsResponse)),
      maker.Make<v1::RevokeSessionRequest>("RevokeSession", sessions,
                                           &service::SessionApi::RevokeSession,
                                           EmptyResponse<v1::RevokeSessionResponse>),
      maker.Make<v1::RevokeAllSessionsRequest>("RevokeAllSessions", sessions,
                                               &service::SessionApi::RevokeAllSessions,
                                               EmptyResponse<v1::RevokeAllSessionsResponse>),
      ForAnyone(ReadOnly(maker.Make<v1::GetJwksRequest>(
          "GetJwks", sessions, &service::SessionApi::GetJwks, JwksResponse)))};
}

}  // namespace otpgate::rpc
