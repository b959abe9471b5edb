#ifndef OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_
#define OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_

#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "server/auth/call_context.h"
#include "server/auth/results.h"
#include "server/crypto/signing.h"
#include "server/errors/failure.h"
#include "server/rpc/unary_method.h"
#include "server/validation/inputs.h"

namespace otpgate {

// What AuthService calls. Each function answers as OtpService does: once, on any thread, without
// blocking the one it was called on.
struct AuthUseCases {
  std::function<void(CallContext, RequestOtpInput, Done<OtpIssued>)> request_otp;
  std::function<void(CallContext, ResendOtpInput, Done<OtpIssued>)> resend_otp;
  std::function<void(CallContext, VerifyOtpInput, Done<OtpVerified>)> verify_otp;
  std::function<void(CallContext, Done<UserProfile>)> get_current_user;
  std::function<Outcome<std::vector<crypto::VerifyKey>>()> public_keys;  // answers at once
};

// The same for signed-in devices, as SessionService answers.
struct SessionUseCases {
  std::function<void(CallContext, RefreshTokenInput, Done<TokenPair>)> refresh_token;
  std::function<void(CallContext, TokenInput, Done<std::monostate>)> revoke_token;
  std::function<void(CallContext, TokenInput, Done<std::optional<TokenFacts>>)> introspect_token;
  std::function<void(CallContext, Done<std::vector<SessionView>>)> list_sessions;
  std::function<void(CallContext, SessionInput, Done<std::monostate>)> revoke_session;
  std::function<void(CallContext, Done<std::monostate>)> revoke_all_sessions;
};

// One handler per method of AuthService, each in a file of its own: request to input, use case,
// result to response.
UnaryMethod RequestOtpMethod(AuthUseCases use_cases, ValidationLimits limits);
UnaryMethod ResendOtpMethod(AuthUseCases use_cases, ValidationLimits limits);
UnaryMethod VerifyOtpMethod(AuthUseCases use_cases, ValidationLimits limits);
UnaryMethod GetCurrentUserMethod(AuthUseCases use_cases);
UnaryMethod GetJwksMethod(AuthUseCases use_cases);

UnaryMethod RefreshTokenMethod(SessionUseCases use_cases);
UnaryMethod RevokeTokenMethod(SessionUseCases use_cases);
UnaryMethod IntrospectTokenMethod(SessionUseCases use_cases);
UnaryMethod ListSessionsMethod(SessionUseCases use_cases);
UnaryMethod RevokeSessionMethod(SessionUseCases use_cases);
UnaryMethod RevokeAllSessionsMethod(SessionUseCases use_cases);

// All of them.
std::vector<UnaryMethod> AuthMethods(const AuthUseCases& use_cases,
                                     const SessionUseCases& session_use_cases,
                                     const ValidationLimits& limits);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_HANDLERS_AUTH_METHODS_H_
