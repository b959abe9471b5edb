#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/crypto/base64url.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {
namespace {

v1::RefreshTokenResponse ResponseOf(const TokenPair& tokens) {
  v1::RefreshTokenResponse response;
  response.set_access_token(tokens.access_token);
  response.set_refresh_token(tokens.refresh_token);
  response.set_token_type("bearer");
  response.set_expires_in(SecondsLeft(tokens.expires_in));
  response.set_refresh_expires_in(SecondsLeft(tokens.refresh_expires_in));
  response.set_session_id(crypto::Base64UrlEncode(tokens.session_id.bytes));
  return response;
}

}  // namespace

UnaryMethod RefreshTokenMethod(SessionUseCases use_cases) {
  return Unary<v1::RefreshTokenRequest, v1::RefreshTokenResponse>(
      "otpgate.v1.AuthService/RefreshToken", Access::kCallers,
      [use_case = std::move(use_cases.refresh_token)](const CallInfo& info,
                                                      const v1::RefreshTokenRequest& request,
                                                      Done<v1::RefreshTokenResponse> done) {
        Outcome<RefreshTokenInput> input = Validate(request);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        use_case(ContextOf(info), std::get<RefreshTokenInput>(std::move(input)),
                 Answer<TokenPair, v1::RefreshTokenResponse>(std::move(done), ResponseOf));
      });
}

}  // namespace otpgate
