#ifndef OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_
#define OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_

#include <functional>
#include <optional>
#include <string>

#include "server/auth/token_issuer.h"
#include "server/domain/account_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/clock.h"
#include "server/runtime/executor.h"

namespace otpgate {

// Checks a bearer token: signature and claims here, then session, account and token version against
// the database, in batches. Thread-safe; `done` exactly once, on any thread.
class AccountCheck {
 public:
  // All outlive the check.
  AccountCheck(const TokenIssuer* tokens, Engine<AccountRules>* engine, Executor* executor,
               const Clock* clock)
      : tokens_(tokens), engine_(engine), executor_(executor), clock_(clock) {}

  // What TokenIssuer::Verify says of a token: at once when its signature is remembered, else on the
  // executor, so that whoever asks has no signature to compute.
  //   RESOURCE_EXHAUSTED  too many wait for theirs; said at once
  //   CANCELLED, DEADLINE_EXCEEDED  nobody waited any more when its turn came; not verified
  using OnClaims = std::function<void(absl::StatusOr<TokenIssuer::Claims>)>;
  void ReadClaims(const std::string& token, const Patience& patience, OnClaims done) const;
  // The same with TokenIssuer::VerifyToRevoke, always on the executor.
  void ReadClaimsToRevoke(const std::string& token, const Patience& patience, OnClaims done) const;

  //   kUnauthenticated  no token, not ours, expired, revoked, account disabled: one answer for all
  void Check(const std::string& token, const Patience& patience, Done<BearerReply> done) const;

  // What the database says of a token of ours whose signature is right and which is valid by the
  // database's clock; nothing for any other text. Fails only when the database cannot be asked.
  void Inspect(const std::string& token, const Patience& patience,
               Done<std::optional<BearerReply>> done) const;
  // The same for a token whose claims ReadClaims has read.
  void Inspect(const crypto::AccessClaims& claims, const Patience& patience,
               Done<std::optional<BearerReply>> done) const;

 private:
  using Verification = std::function<absl::StatusOr<TokenIssuer::Claims>()>;
  void OnExecutor(Verification verify, const Patience& patience, OnClaims done) const;

  const TokenIssuer* const tokens_;
  Engine<AccountRules>* const engine_;
  Executor* const executor_;
  const Clock* const clock_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_
