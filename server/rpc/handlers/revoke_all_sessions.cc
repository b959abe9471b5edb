#include <utility>
#include <variant>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"
#include "server/validation/requests.h"

namespace otpgate {

UnaryMethod RevokeAllSessionsMethod(SessionUseCases use_cases) {
  return Unary<v1::RevokeAllSessionsRequest, v1::RevokeAllSessionsResponse>(
      "otpgate.v1.AuthService/RevokeAllSessions", Access::kCallers,
      [use_case = std::move(use_cases.revoke_all_sessions)](
          const CallInfo& info, const v1::RevokeAllSessionsRequest&,
          Done<v1::RevokeAllSessionsResponse> done) {
        use_case(ContextOf(info),
                 Answer<std::monostate, v1::RevokeAllSessionsResponse>(
                     std::move(done), EmptyResponse<v1::RevokeAllSessionsResponse>));
      });
}

}  // namespace otpgate
