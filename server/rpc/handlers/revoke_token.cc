#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {

UnaryMethod RevokeTokenMethod(SessionUseCases use_cases) {
  return Unary<v1::RevokeTokenRequest, v1::RevokeTokenResponse>(
      "otpgate.v1.AuthService/RevokeToken", Access::kCallers,
      [use_case = std::move(use_cases.revoke_token)](const CallInfo& info,
                                                     const v1::RevokeTokenRequest& request,
                                                     Done<v1::RevokeTokenResponse> done) {
        Outcome<TokenInput> input = Validate(request);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        use_case(ContextOf(info), std::get<TokenInput>(std::move(input)),
                 Answer<std::monostate, v1::RevokeTokenResponse>(
                     std::move(done), EmptyResponse<v1::RevokeTokenResponse>));
      });
}

}  // namespace otpgate
