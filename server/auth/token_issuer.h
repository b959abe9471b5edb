#ifndef OTPGATE_SERVER_AUTH_TOKEN_ISSUER_H_
#define OTPGATE_SERVER_AUTH_TOKEN_ISSUER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/code_secrets.h"
#include "server/auth/results.h"
#include "server/auth/signing_keyset.h"
#include "server/auth/verified_tokens.h"
#include "server/crypto/jws.h"
#include "server/crypto/refresh_token.h"
#include "server/domain/subject_commands.h"
#include "storage/session_types.h"

namespace otpgate {

struct TokenPolicy {
  std::string issuer;
  std::vector<std::string> live_audiences;
  std::vector<std::string> demo_audiences;  // share none with the live ones
  // A locally checked token lives this long after a logout; at most 15 minutes.
  absl::Duration access_ttl = absl::Minutes(15);

  const std::vector<std::string>& AudiencesOf(UserType type) const {
    return type == UserType::kDemo ? demo_audiences : live_audiences;
  }
};

// One pair of tokens of a session.
struct TokenGeneration {
  SessionId session_id;
  std::string refresh_key_id;
  int generation = 0;
  int token_version = 0;
  absl::Time issued_at;  // when this generation came
  absl::Time auth_time;  // when the user signed in
  absl::Time session_end;
  std::string amr;
  std::string client_id;  // the client the session was opened through
};
TokenGeneration GenerationOf(const OpenedSession& session, const std::string& client_id);
TokenGeneration GenerationOf(const SessionId& id, const SessionState& session);

// Makes the tokens of a session. `jti` comes from session and generation and `iat` from the row, so
// a repeated answer has tokens equal in all but the ECDSA signature. Thread-safe.
class TokenIssuer {
 public:
  TokenIssuer(TokenPolicy policy, const CurrentKeyset* keys, const CurrentSecrets* secrets)
      : policy_(std::move(policy)), keys_(keys), secrets_(secrets) {}

  // `now`: of the decision.
  //   INTERNAL  the refresh key of the session is gone, or not ready
  absl::StatusOr<TokenPair> Issue(const Account& account, const TokenGeneration& tokens,
                                  absl::Time now) const;

  // False until the signing keys are known: nothing that ends in a token may begin.
  bool ready() const { return keys_->Get() != nullptr; }

  // What a refresh token of ours says; none: it is not ours, or its key is gone or retired.
  std::optional<crypto::RefreshToken> ParseRefresh(absl::string_view token) const {
    return secrets_->Get()->refresh_tokens.Parse(token);
  }
  // The same, also of a retired key.
  std::optional<crypto::RefreshToken> ParseToRevoke(absl::string_view token) const {
    return secrets_->Get()->refresh_tokens.ParseToRevoke(token);
  }

  // The key for refresh tokens made now.
  std::string refresh_key_id() const { return secrets_->Get()->refresh_tokens.active_key_id(); }

  // The claims of a token of ours, also of one that has expired: times are judged by the store's
  // clock, see AccountRules. Signatures that were right are remembered; see VerifiedTokens.
  //   UNAUTHENTICATED  anything else
  using Claims = std::shared_ptr<const crypto::AccessClaims>;
  absl::StatusOr<Claims> Verify(absl::string_view token) const;
  // The same when it takes no signature to tell; none: Verify must tell, which takes some 80 us.
  std::optional<absl::StatusOr<Claims>> VerifyRemembered(absl::string_view token) const;
  // The same, also of a key that is retired, but not revoked.
  absl::StatusOr<Claims> VerifyToRevoke(absl::string_view token) const;

 private:
  // A few hundred bytes each: some 20 MB.
  static constexpr size_t kVerifiedMax = 16384;

  absl::StatusOr<Claims> CheckedClaims(const VerifiedTokens::Opened& opened) const;

  const TokenPolicy policy_;
  const CurrentKeyset* const keys_;
  const CurrentSecrets* const secrets_;
  mutable VerifiedTokens verified_{kVerifiedMax};
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_TOKEN_ISSUER_H_
