#include "server/rpc/handlers/auth_methods.h"

namespace otpgate {

std::vector<UnaryMethod> AuthMethods(const AuthUseCases& use_cases,
                                     const SessionUseCases& session_use_cases,
                                     const ValidationLimits& limits) {
  return {RequestOtpMethod(use_cases, limits),
          ResendOtpMethod(use_cases, limits),
          VerifyOtpMethod(use_cases, limits),
          RefreshTokenMethod(session_use_cases),
          RevokeTokenMethod(session_use_cases),
          IntrospectTokenMethod(session_use_cases),
          GetCurrentUserMethod(use_cases),
          ListSessionsMethod(session_use_cases),
          RevokeSessionMethod(session_use_cases),
          RevokeAllSessionsMethod(session_use_cases),
          GetJwksMethod(use_cases)};
}

}  // namespace otpgate
