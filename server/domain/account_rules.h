#ifndef OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_
#define OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/domain/decision.h"
#include "storage/types.h"

namespace otpgate::domain {

// The claims of a token whose signature or MAC was already checked. A session token claims nothing
// but its session.
struct CheckBearer {
  storage::AccountKey account;  // sub, sid
  std::optional<storage::UserType> user_type = std::nullopt;
  std::optional<int> token_version = std::nullopt;
  absl::Time valid_from = absl::InfinitePast();  // nbf or iat, whichever is later
  absl::Time expires_at = absl::InfiniteFuture();
};

struct BearerReply {
  bool active = false;
  bool untimely = false;  // the token is not valid yet or has expired; its session may be active
  // All sessions of the token's version were ended since.
  bool superseded = false;
  absl::Time now;
  SessionId session_id;  // of the token
  // Set when active:
  storage::Account account;
  std::optional<absl::Time> not_before;
  std::vector<storage::Identity> identities;
};

// Decides whether an access token or session token is active: its session is active
// (active_session.h); its account is enabled and has the type and version that the token claims; the
// token has not expired by the store's clock.
// Stateless and thread-safe.
class AccountRules {
 public:
  using Aggregate = storage::AccountView;
  using Command = CheckBearer;
  using Reply = BearerReply;

  static const storage::AccountKey& KeyOf(const CheckBearer& command) { return command.account; }
  static void AddToAsk(const CheckBearer&, storage::AccountView::Ask&) {}

  static BearerReply Answer(const CheckBearer& command, absl::Time now,
                            const storage::AccountViewState& state);
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_ACCOUNT_RULES_H_
