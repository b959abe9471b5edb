#ifndef OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_
#define OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_

#include <optional>
#include <string>

#include "server/auth/token_issuer.h"
#include "server/domain/account_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/clock.h"

namespace otpgate {

// Checks a bearer token: signature and claims here, then session, account and token version against
// the database, in batches. Thread-safe; `done` exactly once, on any thread.
class AccountCheck {
 public:
  AccountCheck(const TokenIssuer* tokens, Engine<AccountRules>* engine, const Clock* clock)
      : tokens_(tokens), engine_(engine), clock_(clock) {}

  //   kUnauthenticated  no token, not ours, expired, revoked, account disabled: one answer for all
  void Check(const std::string& token, const Patience& patience, Done<BearerReply> done) const;

  // What the database says of a token of ours whose signature is right and which has not expired;
  // nothing for any other text. Fails only when the database cannot be asked.
  void Inspect(const std::string& token, const Patience& patience,
               Done<std::optional<BearerReply>> done) const;
  // The same for a token whose claims TokenIssuer::Verify has read.
  void Inspect(const crypto::AccessClaims& claims, const Patience& patience,
               Done<std::optional<BearerReply>> done) const;

 private:
  const TokenIssuer* const tokens_;
  Engine<AccountRules>* const engine_;
  const Clock* const clock_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_ACCOUNT_CHECK_H_
