#ifndef OTPGATE_SERVER_SERVICE_RESULTS_H_
#define OTPGATE_SERVER_SERVICE_RESULTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "storage/session_types.h"

// The answers of the use cases, as plain values.
namespace otpgate::service {

// The answer to RequestOtp and ResendOtp.
struct OtpIssued {
  std::string handle;
  absl::Duration expires_in;
  absl::Duration resend_after;
  std::string identifier;  // canonical; callers of this must mask it
  int code_length = 0;
  std::string development_code;  // development mode only; never in a repeated answer
};

// An account as its owner sees it.
struct UserProfile {
  UserId id;
  storage::UserType user_type = storage::UserType::kLive;
  std::string phone_number;  // empty: none
  std::string email;         // empty: none
  absl::Time created_at;
};

struct TokenPair {
  std::string access_token;
  std::string refresh_token;
  absl::Duration expires_in;          // of the access token
  absl::Duration refresh_expires_in;  // until the absolute end of the session
  SessionId session_id;
};

// The answer to a right code.
struct OtpVerified {
  std::optional<UserProfile> user;  // none: purpose verification
  std::optional<TokenPair> tokens;  // purpose login
  std::string proof;                // purpose verification
  bool new_user = false;
};

// What IntrospectToken tells about an active token.
struct TokenFacts {
  bool refresh = false;  // false: an access token
  UserId user_id;
  SessionId session_id;
  std::string client_id;
  storage::UserType user_type = storage::UserType::kLive;
  std::string issuer;                  // access tokens
  std::vector<std::string> audiences;  // access tokens
  std::string token_id;                // access tokens
  absl::Time issued_at;
  absl::Time expires_at;
  absl::Time auth_time;
  std::string amr;
};

// A session as its owner sees it.
struct SessionView {
  storage::SessionInfo info;
  bool current = false;
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_RESULTS_H_
