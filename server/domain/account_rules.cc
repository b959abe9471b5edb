#include "server/domain/account_rules.h"

#include "server/domain/active_session.h"

namespace otpgate::domain {
namespace {

// RFC 7519 4.1.5: a new token stays valid when the store's clock is set back a little, or when a
// store with a slower clock takes over.
constexpr absl::Duration kLeeway = absl::Minutes(1);

bool MayBeUsed(const CheckBearer& command, absl::Time now, const storage::AccountViewState& state) {
  if (!state.account || !state.session) return false;
  const storage::Account& account = *state.account;
  return !account.disabled && account.user_type == command.user_type.value_or(account.user_type) &&
         account.token_version == command.token_version.value_or(account.token_version) &&
         IsActive(*state.session, account.token_version, state.not_before, now);
}

}  // namespace

BearerReply AccountRules::Answer(const CheckBearer& command, absl::Time now,
                                 const storage::AccountViewState& state) {
  BearerReply reply;
  reply.now = now;
  reply.session_id = command.account.session_id;
  reply.untimely = now + kLeeway < command.valid_from || now >= command.expires_at;
  reply.superseded = state.account && command.token_version &&
                     state.account->token_version > *command.token_version;
  if (reply.untimely || !MayBeUsed(command, now, state)) return reply;
  reply.active = true;
  reply.not_before = state.not_before;
  reply.account = *state.account;
  reply.identities = state.identities;
  return reply;
}

}  // namespace otpgate::domain
