#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/base64url.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "clients/ctl/admin/end_codes.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/events.h"
#include "server/domain/user_rules.h"
#include "storage/postgres/pg_global_sign_out.h"
#include "storage/postgres/pg_session_store.h"

namespace otpgate::ctl {
namespace {

constexpr char kUser[] = R"sql(
SELECT u.user_type, u.status, u.token_version, u.created_at, i.identifier, i.verified_at,
       s.failures, s.blocked_until, s.disabled_at
  FROM users u
  LEFT JOIN identities i ON i.user_id = u.id
  LEFT JOIN subjects s ON s.identifier = i.identifier AND s.user_type = i.user_type
 WHERE u.id = $1::bytea ORDER BY i.identifier)sql";

absl::StatusOr<Exit> Change(AdminContext& context, domain::UserCommand command, Output& output) {
  SystemClock clock;
  const domain::UserRules rules{};
  OTPGATE_ASSIGN_OR_RETURN(
      const domain::UserReply reply,
      RunOne(rules, std::make_unique<storage::postgres::PgUserStore>(context.options, clock),
             std::move(command)));
  if (!reply.found) return absl::NotFoundError("there is no such account");
  output.Set("changed", reply.event.has_value());
  output.Set("status", reply.account.disabled ? "disabled" : "active");
  output.Set("token_version", reply.account.token_version);
  output.Line(reply.event ? absl::StrCat("done; the account is ",
                                         reply.account.disabled ? "disabled" : "active")
                          : "it was so already");
  return Exit::kOk;
}

// The time of --before; without it infinity, which stands for the time of the database. Refuses a
// time more than an hour ahead: a sign-out cannot be undone, so a typing error must not do harm.
absl::StatusOr<absl::Time> SignOutTime(AdminContext& context, const AdminOptions& options) {
  if (options.before.empty()) return absl::InfiniteFuture();
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(absl::RFC3339_full, options.before, &time, &problem)) {
    return absl::InvalidArgumentError("--before is no time such as 2026-01-31T12:00:00Z");
  }
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows far,
      context.connection->Query(
          "compare clocks",
          "SELECT 1 WHERE $1::timestamptz > clock_timestamp() + interval '1 hour'",
          {absl::FormatTime(time, absl::UTCTimeZone())}));
  if (far.empty()) return time;
  return absl::InvalidArgumentError("--before is more than an hour ahead");
}

absl::StatusOr<Exit> LogEverybodyOut(AdminContext& context, const AdminOptions& options,
                                     Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const absl::Time wanted, SignOutTime(context, options));
  OTPGATE_RETURN_IF_ERROR(Confirm(options, output, "Everybody is signed out at once", "everybody"));
  const domain::Actor actor = ActorOf(options);
  storage::AuditEvent audit;
  audit.id = actor.audit_id;
  audit.event = std::string(NameOf(domain::Event::kAllSessionsRevoked));
  audit.caller = actor.caller;
  audit.detail = std::string(NameOf(storage::RevokedReason::kAdmin));
  OTPGATE_ASSIGN_OR_RETURN(
      const absl::Time at,
      storage::postgres::PgGlobalSignOut(context.options).Raise(wanted, audit));
  const std::string when = absl::FormatTime(absl::RFC3339_full, at, absl::UTCTimeZone());
  output.Set("not_before", when);
  output.Line(absl::StrCat("sessions that began before ", when, " are over"));
  if (options.before.empty()) return Exit::kOk;
  OTPGATE_ASSIGN_OR_RETURN(const int64_t codes, EndCodesBefore(context, options, wanted));
  output.Set("codes", codes);
  output.Line(absl::StrCat("pending codes that were asked for before: ", codes, ", now dead"));
  return Exit::kOk;
}

}  // namespace

absl::StatusOr<Exit> ShowUser(AdminContext& context, const AdminOptions& options, Output& output) {
  OTPGATE_RETURN_IF_ERROR(AuditRead(context, options, "users show"));
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      context.connection->Query("read the account", kUser,
                                {absl::StrCat("\\x", absl::BytesToHexString(user.bytes))}));
  if (rows.empty()) return absl::NotFoundError("there is no such account");
  const std::string id = crypto::Base64UrlEncode(user.bytes);
  output.Line(absl::StrCat("account        ", id));
  output.Line(absl::StrCat("type           ", rows[0][0]));
  output.Line(absl::StrCat("status         ", rows[0][1]));
  output.Line(absl::StrCat("token version  ", rows[0][2]));
  output.Line(absl::StrCat("created        ", rows[0][3]));
  std::vector<std::vector<std::string>> table = {
      {"IDENTIFIER", "VERIFIED", "FAILURES", "BLOCKED UNTIL", "DISABLED"}};
  nlohmann::json identities = nlohmann::json::array();
  for (const pg::Row& row : rows) {
    if (row[4].empty()) continue;
    table.push_back({Shown(row[4], options), row[5], row[6], row[7], row[8]});
    identities.push_back({{"identifier", Shown(row[4], options)},
                          {"verified_at", row[5]},
                          {"failures", row[6].empty() ? 0 : std::stoi(row[6])},
                          {"blocked_until", row[7]},
                          {"disabled_at", row[8]}});
  }
  output.Table(table);
  output.Set("user", {{"id", id},
                      {"user_type", rows[0][0]},
                      {"status", rows[0][1]},
                      {"token_version", std::stoi(rows[0][2])},
                      {"created_at", rows[0][3]},
                      {"identities", std::move(identities)}});
  return Exit::kOk;
}

absl::StatusOr<Exit> DisableUser(AdminContext& context, const AdminOptions& options,
                                 Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  OTPGATE_RETURN_IF_ERROR(
      Confirm(options, output, "The account is signed out and let in no more", "disable"));
  return Change(context, domain::SetUserStatus{user, /*disabled=*/true, ActorOf(options)}, output);
}

absl::StatusOr<Exit> EnableUser(AdminContext& context, const AdminOptions& options,
                                Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  return Change(context, domain::SetUserStatus{user, /*disabled=*/false, ActorOf(options)}, output);
}

absl::StatusOr<Exit> ForceLogout(AdminContext& context, const AdminOptions& options,
                                 Output& output) {
  if (options.all) return LogEverybodyOut(context, options, output);
  if (options.who.empty()) return absl::InvalidArgumentError("needs --user or --all");
  OTPGATE_ASSIGN_OR_RETURN(const UserId user, UserOf(context, options));
  return Change(context,
                domain::EndAllSessions{user, /*token_version=*/-1, storage::RevokedReason::kAdmin,
                                       ActorOf(options)},
                output);
}

}  // namespace otpgate::ctl
