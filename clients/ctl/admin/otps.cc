#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/ctl/admin/admin.h"
#include "clients/ctl/admin/end_codes.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/domain/subject_rules.h"
#include "storage/postgres/pg_subject_store.h"

namespace otpgate::ctl {
namespace {

constexpr char kPending[] = R"sql(
SELECT identifier, user_type, purpose, attempts, created_at, expires_at
  FROM (SELECT identifier, user_type, purpose, attempts, created_at, expires_at FROM signup_otps
         WHERE expires_at > now() AND NOT is_verified
        UNION ALL
        SELECT identifier, user_type, purpose, attempts, created_at, expires_at FROM otp_sessions
         WHERE expires_at > now() AND NOT is_verified) AS pending
 ORDER BY created_at DESC LIMIT $1::integer)sql";

absl::StatusOr<Exit> Change(AdminContext& context, domain::SubjectCommand command, const char* done,
                            const char* nothing, Output& output) {
  SystemClock clock;
  OTPGATE_ASSIGN_OR_RETURN(
      const domain::SubjectReply reply,
      RunOne(RulesWithoutGuesses(),
             std::make_unique<storage::postgres::PgSubjectStore>(context.options, clock),
             std::move(command)));
  output.Set("changed", reply.event.has_value());
  output.Line(reply.event ? done : nothing);
  return Exit::kOk;
}

}  // namespace

absl::StatusOr<Exit> ListOtps(AdminContext& context, const AdminOptions& options, Output& output) {
  OTPGATE_RETURN_IF_ERROR(AuditRead(context, options, "otps list"));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      context.connection->Query("list codes", kPending, {absl::StrCat(options.limit)}));
  std::vector<std::vector<std::string>> table = {
      {"IDENTIFIER", "TYPE", "PURPOSE", "ATTEMPTS", "CREATED", "EXPIRES"}};
  nlohmann::json list = nlohmann::json::array();
  for (pg::Row row : rows) {
    row[0] = Shown(row[0], options);
    list.push_back({{"identifier", row[0]},
                    {"user_type", row[1]},
                    {"purpose", row[2]},
                    {"attempts", std::stoi(row[3])},
                    {"created_at", row[4]},
                    {"expires_at", row[5]}});
    table.push_back(std::move(row));
  }
  output.Table(table);
  output.Set("otps", std::move(list));
  return Exit::kOk;
}

absl::StatusOr<Exit> DeleteOtps(AdminContext& context, const AdminOptions& options,
                                Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(storage::SubjectKey subject, SubjectOf(options));
  return Change(context, domain::VoidCodes{std::move(subject), OriginOf(options)},
                "its pending codes are dead", "it has no pending codes", output);
}

absl::StatusOr<Exit> Unlock(AdminContext& context, const AdminOptions& options, Output& output) {
  OTPGATE_ASSIGN_OR_RETURN(storage::SubjectKey subject, SubjectOf(options));
  return Change(context, domain::UnlockSubject{std::move(subject), OriginOf(options)},
                "its failed guesses are forgotten", "it was not locked", output);
}

}  // namespace otpgate::ctl
