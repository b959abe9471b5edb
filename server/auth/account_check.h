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

// The session that a token belongs to; none: claims that no token of ours has.
std::optional<AccountKey> SessionOf(const crypto::AccessClaims& claims);

// A token of ours, and what the database says of it.
struct InspectedToken {
  TokenIssuer::Claims claims;
  BearerReply bearer;
};

// Checks a bearer token: signature and claims here, then session, account and token version against
// the database, in batches. A signature that is remembered is told at once, others are verified on
// the executor, so that whoever asks has none to compute. Thread-safe; `done` exactly once, on any
// thread. Any call may tell
//   kOverloaded  too many wait for their signature; told at once
//   and that nobody waited any more when its turn came, or that the database cannot be asked
class AccountCheck {
 public:
  // All outlive the check.
  AccountCheck(const TokenIssuer* tokens, Engine<AccountRules>* engine, Executor* executor,
               const Clock* clock)
      : tokens_(tokens), engine_(engine), executor_(executor), clock_(clock) {}

  //   kUnauthenticated  no token, not ours, expired, revoked, account disabled: one answer for all
  void Check(const std::string& token, const Patience& patience, Done<BearerReply> done) const;

  // Of a token of ours whose signature is right and which is valid by the database's clock; nothing
  // for any other text.
  void Inspect(const std::string& token, const Patience& patience,
               Done<std::optional<InspectedToken>> done) const;

  // What TokenIssuer::VerifyToRevoke says, without asking the database. Null: not ours.
  void ReadToRevoke(const std::string& token, const Patience& patience,
                    Done<TokenIssuer::Claims> done) const;

 private:
  using Verification = std::function<absl::StatusOr<TokenIssuer::Claims>()>;
  void OnExecutor(Verification verify, const Patience& patience,
                  Done<TokenIssuer::Claims> done) const;
  void Ask(const TokenIssuer::Claims& claims, const Patience& patience,
           Done<std::optional<InspectedToken>> done) const;

  const TokenIssuer* const tokens_;
  Engine<AccountRules>* const engine_;
  Executor* const executor_;
  const Clock* const clock_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_
