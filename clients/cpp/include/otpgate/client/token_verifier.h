#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_TOKEN_VERIFIER_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_TOKEN_VERIFIER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "otpgate/client/auth_client.h"
#include "otpgate/client/jwks.h"

namespace otpgate::client {

// The claims of an access token. Times are whole seconds.
struct AccessClaims {
  std::string sub;               // the account
  std::string sid;               // the session
  std::string user_type;         // "live" or "demo"
  std::vector<std::string> amr;  // how the user signed in (RFC 8176)
  absl::Time auth_time;          // when
  std::string client_id;         // the calling service through which the user signed in
  std::string iss;
  std::vector<std::string> aud;
  absl::Time exp;
  absl::Time iat;
  absl::Time nbf;
  std::string jti;
  uint64_t ver = 0;  // token version; grows with each forced logout of the account
};

// Checks access tokens locally: the signature (only ES256, by the published key that the token
// names), `typ`, `iss`, `aud`, `exp`, `nbf`, `iat`, and the form of every other claim.
//
// A token stays valid here until it expires, for at most 15 minutes, even after a sign-out or when
// the account is disabled. Where that is too long, call IntrospectToken.
//
// Tokens of demo accounts are refused unless `demo_audiences` names one of their audiences.
// Thread-safe; make one per process. A call takes about 0.1 ms; it waits only when it needs keys
// that are not in memory (see JwksCacheOptions).
class TokenVerifier {
 public:
  struct Options {
    // As tokens.issuer and tokens.live_audiences of the service. One common audience is enough.
    std::string issuer = "otpgate";
    std::vector<std::string> audiences = {"otpgate"};
    std::vector<std::string> demo_audiences = {};  // empty: demo accounts are refused
    // For clocks that differ; at most one minute.
    absl::Duration leeway = absl::Seconds(10);
    JwksCacheOptions keys = {};
  };

  // Takes keys from this service. The default options fit a service with the default configuration.
  explicit TokenVerifier(std::shared_ptr<AuthClient> client);
  TokenVerifier(std::shared_ptr<AuthClient> client, Options options);
  // Takes keys from `fetch`.
  TokenVerifier(JwksFetch fetch, Options options);
  // Waits for the end of a running fetch.
  ~TokenVerifier();
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // The claims of a valid token. `token` comes without the "Bearer " of an Authorization header.
  // Error messages are for logs and contain nothing of the token.
  //   UNAUTHENTICATED  the token is not valid
  //   UNAVAILABLE      there are no keys to check it with; try again later
  absl::StatusOr<AccessClaims> Verify(absl::string_view token);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_TOKEN_VERIFIER_H_
