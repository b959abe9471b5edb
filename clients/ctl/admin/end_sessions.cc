#include "clients/ctl/admin/end_sessions.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/session_rules.h"
#include "server/runtime/status_macros.h"
#include "storage/postgres/pg_session_store.h"

namespace otpgate::ctl {
namespace {

// A page is one batch of the engine.
constexpr char kPage[] = R"sql(
SELECT encode(user_id, 'hex'), encode(id, 'hex') FROM sessions
 WHERE key_id = $1 AND revoked_at IS NULL AND absolute_expires_at > now() LIMIT 256)sql";

}  // namespace

absl::StatusOr<int64_t> EndSessionsOfKey(Place& place, const AdminOptions& options,
                                         const std::string& key_id) {
  const SystemClock clock;
  const SessionRules rules{SessionPolicy()};
  int64_t ended = 0;
  while (true) {
    OTPGATE_ASSIGN_OR_RETURN(const migrator::Rows rows,
                             place.session->Query("find sessions", kPage, {key_id}));
    if (rows.empty()) return ended;
    std::vector<SessionCommand> commands;
    for (const migrator::Row& row : rows) {
      const AccountKey session{UserId{absl::HexStringToBytes(row[0])},
                               SessionId{absl::HexStringToBytes(row[1])}};
      commands.emplace_back(EndSession{session, "admin", ActorOf(options)});
    }
    for (const absl::StatusOr<SessionReply>& reply : RunAll(
             rules, std::make_unique<PgSessionStore>(place.options, clock), std::move(commands))) {
      OTPGATE_RETURN_IF_ERROR(reply.status());
      ++ended;
    }
  }
}

}  // namespace otpgate::ctl
