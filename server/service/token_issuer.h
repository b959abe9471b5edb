#ifndef OTPGATE_SERVER_SERVICE_TOKEN_ISSUER_H_
#define OTPGATE_SERVER_SERVICE_TOKEN_ISSUER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/crypto/jws.h"
#include "server/domain/subject_commands.h"
#include "server/keys/refresh_token.h"
#include "server/service/code_secrets.h"
#include "server/service/results.h"
#include "server/service/signing_keyset.h"
#include "server/service/token_policy.h"
#include "server/service/verified_tokens.h"
#include "storage/session_types.h"

namespace otpgate::service {

// The facts behind one pair of tokens of a session.
struct TokenGeneration {
  SessionId session_id;
  std::string refresh_key_id;
  int generation = 0;
  int token_version = 0;
  absl::Time issued_at;  // when this generation began
  absl::Time auth_time;  // when the user signed in
  absl::Time session_end;
  std::string amr;
  std::string client_id;  // the calling service that opened the session
};
TokenGeneration GenerationOf(const domain::OpenedSession& session, const std::string& client_id);
TokenGeneration GenerationOf(const SessionId& id, const storage::SessionState& session);

// Makes and verifies the tokens of sessions, and makes proofs. `jti` comes from session and generation and `iat` from
// the row, so that a repeated answer has the same tokens but for the ECDSA signature. Thread-safe.
class TokenIssuer {
 public:
  TokenIssuer(TokenPolicy policy, const CurrentKeyset* keys, const CurrentSecrets* secrets)
      : policy_(std::move(policy)), keys_(keys), secrets_(secrets) {}

  // `now`: the time of the decision.
  //   INTERNAL  the refresh key of the session is gone, or there is no signing key
  absl::StatusOr<TokenPair> Issue(const storage::Account& account, const TokenGeneration& tokens,
                                  absl::Time now) const;

  // Makes the proof for `caller` that the subject was verified by this code at `verified_at`: equal
  // arguments give an equal proof but for the ECDSA signature.
  //   INTERNAL  there is no signing key, or no code
  absl::StatusOr<std::string> IssueProof(const storage::SubjectKey& subject, const OtpId& code,
                                         absl::Time verified_at, absl::string_view caller) const;

  // Whether there is a key set. Without it no call that ends in a token may begin.
  bool ready() const { return keys_->Get() != nullptr; }
  // Null: not ready.
  std::shared_ptr<const SigningKeyset> keyset() const { return keys_->Get(); }

  // The content of a refresh token; none: it is not ours, or its key is gone or retired.
  std::optional<keys::RefreshToken> ParseRefresh(absl::string_view token) const {
    return secrets_->Get()->refresh_tokens.Parse(token);
  }
  // The same, also for a retired key.
  std::optional<keys::RefreshToken> ParseToRevoke(absl::string_view token) const {
    return secrets_->Get()->refresh_tokens.ParseToRevoke(token);
  }

  // The key id for new refresh tokens.
  std::string refresh_key_id() const { return secrets_->Get()->refresh_tokens.active_key_id(); }

  // The claims of an access token of ours, even an expired one: AccountRules checks times, by the
  // store's clock. Right signatures are remembered, see VerifiedTokens.
  //   UNAUTHENTICATED  any other text
  //   UNAVAILABLE      not ready
  using Claims = std::shared_ptr<const crypto::AccessClaims>;
  absl::StatusOr<Claims> Verify(absl::string_view token) const;
  // The same for a remembered signature; none: it takes Verify, which costs about 80 us.
  std::optional<absl::StatusOr<Claims>> VerifyRemembered(absl::string_view token) const;
  // Verify that also accepts a retired key that was not revoked.
  absl::StatusOr<Claims> VerifyToRevoke(absl::string_view token) const;

 private:
  // An entry has a few hundred bytes: about 20 MB in all.
  static constexpr size_t kVerifiedMax = 16384;

  absl::StatusOr<Claims> CheckedClaims(const VerifiedTokens::Opened& opened) const;

  const TokenPolicy policy_;
  const CurrentKeyset* const keys_;
  const CurrentSecrets* const secrets_;
  mutable VerifiedTokens verified_{kVerifiedMax};
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_TOKEN_ISSUER_H_
