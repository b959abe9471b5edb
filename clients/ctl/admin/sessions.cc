#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/session_rules.h"
#include "storage/postgres/pg_session_store.h"

namespace otpgate::ctl {
namespace {

// The states follow IsActive in server/domain/active_session.h.
constexpr char kSessions[] = R"sql(
SELECT encode(s.id, 'hex'), s.created_at, coalesce(s.rotated_at, s.created_at), s.generation,
       s.amr, s.caller, s.device_info,
       CASE WHEN s.revoked_at IS NOT NULL THEN 'revoked: ' || s.revoked_reason
            WHEN u.status <> 'active' THEN 'over: account disabled'
            WHEN s.token_version <> u.token_version THEN 'over: forced logout'
            WHEN s.created_at < (SELECT at FROM not_before WHERE name = 'sessions')
              THEN 'over: forced logout of all'
            WHEN now() >= least(s.idle_expires_at, s.absolute_expires_at) THEN 'over: expired'
            ELSE 'active' END
  FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.user_id = $1::bytea ORDER BY s.id DESC LIMIT $2::integer)sql";

}  // namespace

absl::StatusOr<Exit> ListSessionsOf(AdminContext& context, const AdminOptions& options,
                                    Output& output) {
  OTPGATE_RETURN_IF_ERROR(AuditRead(context, options, "sessions list"));
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      context.connection->Query(
          "list sessions", kSessions,
          {absl::StrCat("\\x", absl::BytesToHexString(user.bytes)), absl::StrCat(options.limit)}));
  std::vector<std::vector<std::string>> table = {
      {"SESSION", "CREATED", "LAST SEEN", "REFRESHES", "BY", "CALLER", "DEVICE", "STATE"}};
  nlohmann::json list = nlohmann::json::array();
  for (pg::Row row : rows) {
    row[0] = IdText(row[0]);
    list.push_back({{"id", row[0]},
                    {"created_at", row[1]},
                    {"last_seen_at", row[2]},
                    {"generation", std::stoi(row[3])},
                    {"amr", row[4]},
                    {"client_id", row[5]},
                    {"device_info", row[6]},
                    {"state", row[7]}});
    table.push_back(std::move(row));
  }
  output.Table(table);
  output.Set("sessions", std::move(list));
  return Exit::kOk;
}

absl::StatusOr<Exit> RevokeSessionOf(AdminContext& context, const AdminOptions& options,
                                     Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  const auto id = crypto::Base64UrlDecode(options.session);
  if (!id || id->size() != SessionId::kBytes) {
    return absl::InvalidArgumentError("that is not the id of a session");
  }
  SystemClock clock;
  const domain::SessionRules rules{domain::SessionPolicy()};
  OTPGATE_ASSIGN_OR_RETURN(
      const domain::SessionReply reply,
      RunOne(rules, std::make_unique<storage::postgres::PgSessionStore>(context.options, clock),
             domain::SessionCommand(domain::EndSession{
                 {user, SessionId{*id}}, storage::RevokedReason::kAdmin, ActorOf(options)})));
  output.Set("changed", reply.event.has_value());
  output.Line(reply.event ? "the session is over" : "it was over already, or never was");
  return Exit::kOk;
}

}  // namespace otpgate::ctl
