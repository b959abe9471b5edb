#include "clients/ctl/admin/end_codes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "storage/postgres/pg_subject_store.h"

namespace otpgate::ctl {
namespace {

// A page is one batch of the engine, and begins after the last row of the page before.
constexpr char kCodesPage[] = R"sql(
SELECT identifier, user_type
  FROM (SELECT identifier, user_type FROM signup_otps
         WHERE created_at < $1::timestamptz AND expires_at > now() AND NOT is_verified
        UNION
        SELECT identifier, user_type FROM otp_sessions
         WHERE created_at < $1::timestamptz AND expires_at > now() AND NOT is_verified) AS pending
 WHERE (identifier, user_type) > ($2, $3)
 ORDER BY identifier, user_type LIMIT 256)sql";

}  // namespace

const domain::SubjectRules& RulesWithoutGuesses() {
  static const domain::SubjectRules rules(
      domain::OtpPolicy(),
      [](const storage::SubjectKey&, const storage::Code&, absl::string_view) { return false; });
  return rules;
}

domain::Origin OriginOf(const AdminOptions& options) {
  const domain::Actor actor = ActorOf(options);
  return {.caller = actor.caller, .ip = {}, .request = {}, .audit_id = actor.audit_id};
}

absl::StatusOr<int64_t> EndCodesBefore(AdminContext& context, const AdminOptions& options,
                                       absl::Time before) {
  const SystemClock clock;
  const std::string limit = absl::FormatTime(before, absl::UTCTimeZone());
  int64_t ended = 0;
  std::vector<std::string> after = {"", ""};
  while (true) {
    OTPGATE_ASSIGN_OR_RETURN(pg::Rows rows, context.connection->Query("find codes", kCodesPage,
                                                                      {limit, after[0], after[1]}));
    if (rows.empty()) return ended;
    after = rows.back();
    std::vector<domain::SubjectCommand> commands;
    for (pg::Row& row : rows) {
      commands.emplace_back(domain::VoidCodes{
          {std::move(row[0]), *storage::UserTypeFrom(row[1])}, OriginOf(options), before});
    }
    for (const absl::StatusOr<domain::SubjectReply>& reply :
         RunAll(RulesWithoutGuesses(),
                std::make_unique<storage::postgres::PgSubjectStore>(context.options, clock),
                std::move(commands))) {
      OTPGATE_RETURN_IF_ERROR(reply.status());
      ended += reply->event.has_value();
    }
  }
}

}  // namespace otpgate::ctl
