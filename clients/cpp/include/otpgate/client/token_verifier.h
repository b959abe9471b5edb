#ifndef OTPGATE_CLIENT_TOKEN_VERIFIER_H_
#define OTPGATE_CLIENT_TOKEN_VERIFIER_H_

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

// What an access token says. Times are whole seconds.
struct AccessClaims {
  std::string sub;               // the account
  std::string sid;               // the session
  std::string user_type;         // "live" or "demo"
  std::vector<std::string> amr;  // how the user signed in (RFC 8176)
  absl::Time auth_time;          // when
  std::string client_id;         // the service that the user signed in by
  std::string iss;
  std::vector<std::string> aud;
  absl::Time exp;
  absl::Time iat;
  absl::Time nbf;
  std::string jti;
  uint64_t ver = 0;  // grows with each force logout of the account
};

// Checks access tokens without asking the service: signature (ES256 and nothing else, by the
// published key the token names), `typ`, `iss`, `aud`, `exp`, `nbf`, `iat`, and every other claim
// for its form.
//
// It cannot know of a sign-out or a disabled account before the token expires, 15 minutes at most;
// where that is too long, ask IntrospectToken.
//
// Tokens of demo accounts are refused unless `demo_audiences` names an audience of theirs.
// Thread-safe; make one per process. Calls take about a tenth of a millisecond; one that needs keys
// which are not in memory waits for them (see JwksCacheOptions).
class TokenVerifier {
 public:
  struct Options {
    // What the service has as tokens.issuer and tokens.live_audiences: any one of these is enough.
    std::string issuer = "otpgate";
    std::vector<std::string> audiences = {"otpgate"};
    std::vector<std::string> demo_audiences = {};  // empty: demo accounts are refused
    // For clocks that differ; more than a minute counts as a minute.
    absl::Duration leeway = absl::Seconds(10);
    JwksCacheOptions keys = {};
  };

  // With the keys of this service. Without options: those of a service that runs with the defaults.
  explicit TokenVerifier(std::shared_ptr<AuthClient> client);
  TokenVerifier(std::shared_ptr<AuthClient> client, Options options);
  // With keys from elsewhere.
  TokenVerifier(JwksFetch fetch, Options options);
  // Waits for the end of a fetch that is under way.
  ~TokenVerifier();
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // What the token says, once it is wholly in order. The token alone, without the "Bearer " of an
  // Authorization header. Messages of errors are for logs and contain nothing of the token.
  //   UNAUTHENTICATED  refused
  //   UNAVAILABLE      there are no keys to check it with: not refused, not accepted, try later
  absl::StatusOr<AccessClaims> Verify(absl::string_view token);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENT_TOKEN_VERIFIER_H_
