#ifndef OTPGATE_SERVER_SERVICE_AUTH_API_H_
#define OTPGATE_SERVER_SERVICE_AUTH_API_H_

#include <optional>
#include <variant>
#include <vector>

#include "base/crypto/signing.h"
#include "server/errors/failure.h"
#include "server/runtime/task.h"
#include "server/service/call_context.h"
#include "server/service/results.h"
#include "server/validation/requests.h"

// The RPCs of AuthService as plain functions, without transport. otp_service.h and
// session_service.h implement them; tests fake them.
//
// Thread-safe. Each call gives exactly one answer, which comes on another thread if it had to wait.
// Failures are those that the proto documents for each RPC, in the order in which they are checked.
namespace otpgate::service {

// One-time codes and the account behind them.
class OtpApi {
 public:
  virtual ~OtpApi() = default;

  virtual runtime::Task<errors::Outcome<OtpIssued>> RequestOtp(
      CallContext context, validation::RequestOtpInput input) const = 0;
  virtual runtime::Task<errors::Outcome<OtpIssued>> ResendOtp(
      CallContext context, validation::ResendOtpInput input) const = 0;
  virtual runtime::Task<errors::Outcome<OtpVerified>> VerifyOtp(
      CallContext context, validation::VerifyOtpInput input) const = 0;
  virtual runtime::Task<errors::Outcome<UserProfile>> GetCurrentUser(CallContext context) const = 0;
};

// Signed-in devices and their tokens.
class SessionApi {
 public:
  virtual ~SessionApi() = default;

  virtual runtime::Task<errors::Outcome<TokenPair>> RefreshToken(
      CallContext context, validation::RefreshTokenInput input) const = 0;
  virtual runtime::Task<errors::Outcome<std::monostate>> RevokeToken(
      CallContext context, validation::TokenInput input) const = 0;
  // None: the token is not active.
  virtual runtime::Task<errors::Outcome<std::optional<TokenFacts>>> IntrospectToken(
      CallContext context, validation::TokenInput input) const = 0;
  virtual runtime::Task<errors::Outcome<std::vector<SessionView>>> ListSessions(
      CallContext context) const = 0;
  virtual runtime::Task<errors::Outcome<std::monostate>> RevokeSession(
      CallContext context, validation::SessionInput input) const = 0;
  virtual runtime::Task<errors::Outcome<std::monostate>> RevokeAllSessions(
      CallContext context) const = 0;
  // The public keys that verify access tokens. Not secret.
  virtual runtime::Task<errors::Outcome<std::vector<crypto::VerifyKey>>> GetJwks(
      CallContext context) const = 0;
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_AUTH_API_H_
