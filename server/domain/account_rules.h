#ifndef OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_
#define OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "storage/types.h"

namespace otpgate {

// The claims of an access token whose signature was already checked.
struct CheckBearer {
  AccountKey account;  // sub, sid
  UserType user_type = UserType::kLive;
  int token_version = 0;
  absl::Time valid_from = absl::InfinitePast();  // nbf or iat, whichever is later
  absl::Time expires_at;
};

struct BearerReply {
  bool active = false;
  bool untimely = false;  // the token is not valid yet or has expired; its session may be alive
  // Not active because all sessions of that token version were ended.
  bool superseded = false;
  absl::Time now;
  SessionId session_id;  // as the token says
  // When active:
  Account account;
  std::optional<absl::Time> not_before;
  std::vector<Identity> identities;
};

// Whether a bearer is still who the token says: session not revoked and within its absolute end,
// account active, token version unchanged, token not expired by the store's clock.
class AccountRules {
 public:
  using Aggregate = AccountView;
  using Command = CheckBearer;
  using Reply = BearerReply;

  static const AccountKey& KeyOf(const CheckBearer& command) { return command.account; }
  static void AddToAsk(const CheckBearer&, AccountView::Ask&) {}

  static BearerReply Answer(const CheckBearer& command, absl::Time now,
                            const AccountViewState& state);
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_
