#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "clients/ctl/admin/target.h"

namespace otpgate::ctl {
namespace {

// Scopes: "live:+1415...", "user:<hex>", "all", "admin".
constexpr char kEvents[] = R"sql(
SELECT at, event, scope, caller, ip, detail, encode(user_id, 'hex'), encode(session_id, 'hex')
  FROM audit_events
 WHERE $1 = '' OR scope = ANY (string_to_array($1, E'\n'))
 ORDER BY at DESC, id DESC LIMIT $2::integer)sql";

// The audit scopes of `who`; empty: all.
absl::StatusOr<std::string> ScopesOf(AdminContext& context, const AdminOptions& options) {
  if (options.who.empty()) return std::string();
  const absl::StatusOr<UserId> user = UserOf(context, options);
  const absl::StatusOr<storage::SubjectKey> subject = SubjectOf(options);
  if (!user.ok() && !subject.ok()) return user.status();
  std::string scopes;
  if (subject.ok()) scopes = absl::StrCat(NameOf(subject->user_type), ":", subject->identifier);
  if (user.ok()) absl::StrAppend(&scopes, "\nuser:", absl::BytesToHexString(user->bytes));
  return scopes;
}

std::string ShownScope(const std::string& scope, const AdminOptions& options) {
  const size_t colon = scope.find(':');
  if (colon == std::string::npos) return scope;
  const std::string kind = scope.substr(0, colon);
  const std::string rest = scope.substr(colon + 1);
  if (kind == "user") return absl::StrCat("user:", IdText(rest));
  return absl::StrCat(kind, ":", Shown(rest, options));
}

}  // namespace

absl::StatusOr<Exit> ListAudit(AdminContext& context, const AdminOptions& options, Output& output) {
  OTPGATE_RETURN_IF_ERROR(AuditRead(context, options, "audit list"));
  OTPGATE_ASSIGN_OR_RETURN(const std::string scopes, ScopesOf(context, options));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      context.connection->Query("list the audit", kEvents, {scopes, absl::StrCat(options.limit)}));
  std::vector<std::vector<std::string>> table = {{"AT", "EVENT", "ABOUT", "BY", "FROM", "DETAIL"}};
  nlohmann::json list = nlohmann::json::array();
  for (const pg::Row& row : rows) {
    const std::string about = ShownScope(row[2], options);
    table.push_back({row[0], row[1], about, row[3], row[4], row[5]});
    list.push_back({{"at", row[0]},
                    {"event", row[1]},
                    {"about", about},
                    {"by", row[3]},
                    {"from", row[4]},
                    {"detail", row[5]},
                    {"user_id", IdText(row[6])},
                    {"session_id", IdText(row[7])}});
  }
  output.Table(table);
  output.Set("events", std::move(list));
  return Exit::kOk;
}

}  // namespace otpgate::ctl
