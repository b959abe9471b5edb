#include "clients/ctl/admin/end_sessions.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/session_rules.h"
#include "storage/postgres/pg_session_store.h"

namespace otpgate::ctl {
namespace {

// A page is one batch of the engine, and begins after the last row of the page before. All pages
// together are one pass over the primary key, as no index has `key_id`.
constexpr char kSessionsPage[] = R"sql(
SELECT encode(user_id, 'hex'), encode(id, 'hex') FROM sessions
 WHERE key_id = $1 AND revoked_at IS NULL AND absolute_expires_at > now()
   AND (user_id, id) > ($2::bytea, $3::bytea)
 ORDER BY user_id, id LIMIT 256)sql";

}  // namespace

absl::StatusOr<int64_t> EndSessionsOfKey(AdminContext& context, const AdminOptions& options,
                                         const std::string& key_id) {
  const SystemClock clock;
  const domain::SessionRules rules{domain::SessionPolicy()};
  int64_t ended = 0;
  std::vector<std::string> after = {"\\x", "\\x"};
  while (true) {
    OTPGATE_ASSIGN_OR_RETURN(
        const pg::Rows rows,
        context.connection->Query("find sessions", kSessionsPage, {key_id, after[0], after[1]}));
    if (rows.empty()) return ended;
    after = {absl::StrCat("\\x", rows.back()[0]), absl::StrCat("\\x", rows.back()[1])};
    std::vector<domain::SessionCommand> commands;
    for (const pg::Row& row : rows) {
      const storage::AccountKey session{UserId{absl::HexStringToBytes(row[0])},
                                        SessionId{absl::HexStringToBytes(row[1])}};
      commands.emplace_back(
          domain::EndSession{session, storage::RevokedReason::kKey, ActorOf(options)});
    }
    for (const absl::StatusOr<domain::SessionReply>& reply :
         RunAll(rules, std::make_unique<storage::postgres::PgSessionStore>(context.options, clock),
                std::move(commands))) {
      OTPGATE_RETURN_IF_ERROR(reply.status());
      ++ended;
    }
  }
}

}  // namespace otpgate::ctl
