#ifndef OTPGATE_SERVER_SERVICE_ACCOUNT_CHECK_H_
#define OTPGATE_SERVER_SERVICE_ACCOUNT_CHECK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "base/clock.h"
#include "server/domain/account_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/executor.h"
#include "server/runtime/task.h"
#include "server/service/token_issuer.h"

namespace otpgate::service {

// The session that a token belongs to; none when the claims are not those of a token of ours.
std::optional<storage::AccountKey> SessionOf(const crypto::AccessClaims& claims);

// A token of ours, and what the database says about it.
struct InspectedToken {
  TokenIssuer::Claims claims;
  domain::BearerReply bearer;
};

// Checks access tokens: signature and claims here, then session, account and token version against
// the database, in batches. Signatures are verified on the executor, unless they are remembered.
// Thread-safe. Any call may fail with
//   kOverloaded         too many signatures wait; at once
//   kDeadlineExceeded   the call was over before its turn came
//   other reasons of FailureFrom, when the database cannot be asked
class AccountCheck {
 public:
  // All outlive the check.
  AccountCheck(const TokenIssuer* tokens, engine::Engine<domain::AccountRules>* engine,
               runtime::Executor* executor, const Clock* clock)
      : tokens_(tokens), engine_(engine), executor_(executor), clock_(clock) {}

  //   kUnauthenticated  no token, not ours, expired, revoked, account disabled: one answer for all
  runtime::Task<errors::Outcome<domain::BearerReply>> Check(
      std::string token, engine::Cancellation cancellation) const;

  // The same for a session token, whose MAC was already checked.
  runtime::Task<errors::Outcome<domain::BearerReply>> CheckSession(
      storage::AccountKey session, engine::Cancellation cancellation) const;

  // What is known of a token of ours with a right signature that is valid by the database's clock;
  // none for any other text.
  runtime::Task<errors::Outcome<std::optional<InspectedToken>>> Inspect(
      std::string token, engine::Cancellation cancellation) const;

  // TokenIssuer::VerifyToRevoke on the executor, without the database. Null: not a token of ours.
  runtime::Task<errors::Outcome<TokenIssuer::Claims>> ReadToRevoke(
      std::string token, engine::Cancellation cancellation) const;

 private:
  // Continues on the executor; an error says why it did not.
  runtime::Task<absl::Status> ToExecutor(engine::Cancellation cancellation) const;

  const TokenIssuer* const tokens_;
  engine::Engine<domain::AccountRules>* const engine_;
  runtime::Executor* const executor_;
  const Clock* const clock_;
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_ACCOUNT_CHECK_H_
