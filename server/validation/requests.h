#ifndef OTPGATE_SERVER_VALIDATION_REQUESTS_H_
#define OTPGATE_SERVER_VALIDATION_REQUESTS_H_

#include <optional>
#include <string>

#include "server/errors/failure.h"
#include "server/validation/validation_limits.h"
#include "storage/types.h"

// Only declared, because services use the inputs and not the messages.
namespace otpgate::v1 {
class IntrospectTokenRequest;
class RefreshTokenRequest;
class RequestOtpRequest;
class ResendOtpRequest;
class RevokeSessionRequest;
class RevokeTokenRequest;
class VerifyOtpRequest;
}  // namespace otpgate::v1

// The validated requests: canonical values in plain structs. All later code may rely on the forms
// documented here.
//
// One pure function per request checks the documented form of every field. It returns the input, or
// kInvalidRequest with every violation at once; field names are those of the proto
// ("identifier.phone_number"). Nothing is evaluated or counted. Thread-safe.
namespace otpgate::validation {

struct RequestOtpInput {
  std::string identifier;  // CanonicalPhone or CanonicalEmail
  storage::UserType user_type = storage::UserType::kLive;
  storage::Purpose purpose = storage::Purpose::kLogin;
  std::string locale;      // CanonicalLocale; empty: the default
  std::string request_id;  // 16 bytes; empty: none
  bool bound = true;       // false: the code belongs to a route without handles

  friend bool operator==(const RequestOtpInput&, const RequestOtpInput&) = default;
};
errors::Outcome<RequestOtpInput> Validate(const v1::RequestOtpRequest& request,
                                          const ValidationLimits& limits);

// A code on a route without handles: the one that was sent last.
struct LastCode {
  std::string identifier;  // CanonicalPhone or CanonicalEmail
  storage::UserType user_type = storage::UserType::kLive;
  storage::Purpose purpose = storage::Purpose::kLogin;

  friend bool operator==(const LastCode&, const LastCode&) = default;
};

struct ResendOtpInput {
  std::string handle;                                // well-formed text, still sealed
  std::string locale;                                // CanonicalLocale; empty: the default
  std::string request_id;                            // 16 bytes; empty: none
  std::optional<LastCode> last_code = std::nullopt;  // instead of a handle

  friend bool operator==(const ResendOtpInput&, const ResendOtpInput&) = default;
};
errors::Outcome<ResendOtpInput> Validate(const v1::ResendOtpRequest& request,
                                         const ValidationLimits& limits);

struct VerifyOtpInput {
  std::string handle;       // well-formed text, still sealed
  std::string code;         // exactly ValidationLimits::code_digits ASCII digits
  std::string device_info;  // plain text; may be empty
  std::string request_id;   // 16 bytes; empty: none
  std::optional<LastCode> last_code = std::nullopt;  // instead of a handle
  bool session_token = false;  // a login: answer with a session token, not with a token pair

  friend bool operator==(const VerifyOtpInput&, const VerifyOtpInput&) = default;
};
errors::Outcome<VerifyOtpInput> Validate(const v1::VerifyOtpRequest& request,
                                         const ValidationLimits& limits);

struct RefreshTokenInput {
  std::string refresh_token;  // well-formed text, its MAC still to be checked
  std::string request_id;     // 16 bytes; empty: none

  friend bool operator==(const RefreshTokenInput&, const RefreshTokenInput&) = default;
};
errors::Outcome<RefreshTokenInput> Validate(const v1::RefreshTokenRequest& request,
                                            const ValidationLimits& limits);

// A token of any service, so any text.
struct TokenInput {
  std::string token;

  friend bool operator==(const TokenInput&, const TokenInput&) = default;
};
errors::Outcome<TokenInput> Validate(const v1::RevokeTokenRequest& request,
                                     const ValidationLimits& limits);
errors::Outcome<TokenInput> Validate(const v1::IntrospectTokenRequest& request,
                                     const ValidationLimits& limits);

struct SessionInput {
  SessionId session_id;

  friend bool operator==(const SessionInput&, const SessionInput&) = default;
};
errors::Outcome<SessionInput> Validate(const v1::RevokeSessionRequest& request,
                                       const ValidationLimits& limits);

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_REQUESTS_H_
