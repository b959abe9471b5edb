#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {

UnaryMethod RevokeSessionMethod(SessionUseCases use_cases) {
  return Unary<v1::RevokeSessionRequest, v1::RevokeSessionResponse>(
      "otpgate.v1.AuthService/RevokeSession", Access::kCallers,
      [use_case = std::move(use_cases.revoke_session)](const CallInfo& info,
                                                       const v1::RevokeSessionRequest& request,
                                                       Done<v1::RevokeSessionResponse> done) {
        Outcome<SessionInput> input = Validate(request);
        if (auto* failure = std::get_if<Failure>(&input)) return done(std::move(*failure));
        use_case(ContextOf(info), std::get<SessionInput>(std::move(input)),
                 Answer<std::monostate, v1::RevokeSessionResponse>(
                     std::move(done), EmptyResponse<v1::RevokeSessionResponse>));
      });
}

}  // namespace otpgate
