#include "clients/ctl/admin/end_sessions.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/session_rules.h"
#include "server/runtime/status_macros.h"
#include "storage/postgres/pg_session_store.h"

namespace otpgate::ctl {
namespace {

// A page is one batch of the engine and begins behind the last one: the whole is one pass over the
// primary key, as no index knows the key of a session.
constexpr char kSessionsPage[] = R"sql(
SELECT encode(user_id, 'hex'), encode(id, 'hex') FROM sessions
 WHERE key_id = $1 AND revoked_at IS NULL AND absolute_expires_at > now()
   AND (user_id, id) > ($2::bytea, $3::bytea)
 ORDER BY user_id, id LIMIT 256)sql";

}  // namespace

absl::StatusOr<int64_t> EndSessionsOfKey(Place& place, const AdminOptions& options,
                                         const std::string& key_id) {
  const SystemClock clock;
  const SessionRules rules{SessionPolicy()};
  int64_t ended = 0;
  std::vector<std::string> after = {"\\x", "\\x"};
  while (true) {
    OTPGATE_ASSIGN_OR_RETURN(
        const migrator::Rows rows,
        place.session->Query("find sessions", kSessionsPage, {key_id, after[0], after[1]}));
    if (rows.empty()) return ended;
    after = {absl::StrCat("\\x", rows.back()[0]), absl::StrCat("\\x", rows.back()[1])};
    std::vector<SessionCommand> commands;
    for (const migrator::Row& row : rows) {
      const AccountKey session{UserId{absl::HexStringToBytes(row[0])},
                               SessionId{absl::HexStringToBytes(row[1])}};
      commands.emplace_back(EndSession{session, "key", ActorOf(options)});
    }
    for (const absl::StatusOr<SessionReply>& reply : RunAll(
             rules, std::make_unique<PgSessionStore>(place.options, clock), std::move(commands))) {
      OTPGATE_RETURN_IF_ERROR(reply.status());
      ++ended;
    }
  }
}

}  // namespace otpgate::ctl
