#include <utility>

#include "otpgate/v1/auth_service.pb.h"
#include "server/rpc/handlers/auth_methods.h"
#include "server/rpc/handlers/convert.h"

namespace otpgate {
namespace {

v1::GetCurrentUserResponse ResponseOf(const UserProfile& profile) {
  v1::GetCurrentUserResponse response;
  *response.mutable_user() = UserOf(profile);
  return response;
}

}  // namespace

UnaryMethod GetCurrentUserMethod(AuthUseCases use_cases) {
  return ReadOnly(Unary<v1::GetCurrentUserRequest, v1::GetCurrentUserResponse>(
      "otpgate.v1.AuthService/GetCurrentUser", Access::kCallers,
      [get_current_user = std::move(use_cases.get_current_user)](
          const CallInfo& info, const v1::GetCurrentUserRequest&,
          Done<v1::GetCurrentUserResponse> done) {
        get_current_user(ContextOf(info), Answer<UserProfile, v1::GetCurrentUserResponse>(
                                              std::move(done), ResponseOf));
      }));
}

}  // namespace otpgate
