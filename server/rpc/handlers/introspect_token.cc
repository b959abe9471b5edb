#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/crypto/base64url.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {
namespace {

uint32_t NumericDate(absl::Time time) { return static_cast<uint32_t>(absl::ToUnixSeconds(time)); }

v1::IntrospectTokenResponse ResponseOf(const std::optional<TokenFacts>& facts) {
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

}  // namespace

UnaryMethod IntrospectTokenMethod(SessionUseCases use_cases) {
  return ReadOnly(Unary<v1::IntrospectTokenRequest, v1::IntrospectTokenResponse>(
      "otpgate.v1.AuthService/IntrospectToken", Access::kCallers,
      [use_case = std::move(use_cases.introspect_token)](const CallInfo& info,
                                                         const v1::IntrospectTokenRequest& request,
                                                         Done<v1::IntrospectTokenResponse> done) {
        Outcome<TokenInput> input = Validate(request);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        use_case(ContextOf(info), std::get<TokenInput>(std::move(input)),
                 Answer<std::optional<TokenFacts>, v1::IntrospectTokenResponse>(std::move(done),
                                                                                ResponseOf));
      }));
}

}  // namespace otpgate
