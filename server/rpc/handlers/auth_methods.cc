#include "server/rpc/handlers/auth_methods.h"

namespace otpgate {

std::vector<UnaryMethod> AuthMethods(const AuthUseCases& use_cases,
                                     const ValidationLimits& limits) {
  return {RequestOtpMethod(use_cases, limits), ResendOtpMethod(use_cases, limits),
          VerifyOtpMethod(use_cases, limits), GetCurrentUserMethod(use_cases),
          GetJwksMethod(use_cases)};
}

}  // namespace otpgate
