#include "clients/ctl/admin/end_codes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clients/ctl/admin/run_one.h"
#include "clients/ctl/admin/target.h"
#include "server/runtime/status_macros.h"
#include "storage/postgres/pg_subject_store.h"

namespace otpgate::ctl {
namespace {

// A page is one batch of the engine and begins behind the last one.
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

const SubjectRules& RulesWithoutGuesses() {
  static const SubjectRules rules(
      OtpPolicy(), [](const SubjectKey&, const Code&, absl::string_view) { return false; });
  return rules;
}

Origin OriginOf(const AdminOptions& options) {
  const Actor actor = ActorOf(options);
  return {.caller = actor.caller, .ip = {}, .request = {}, .audit_id = actor.audit_id};
}

absl::StatusOr<int64_t> EndCodesBefore(Place& place, const AdminOptions& options,
                                       absl::Time before) {
  const SystemClock clock;
  const std::string limit = absl::FormatTime(before, absl::UTCTimeZone());
  int64_t ended = 0;
  std::vector<std::string> after = {"", ""};
  while (true) {
    OTPGATE_ASSIGN_OR_RETURN(
        migrator::Rows rows,
        place.session->Query("find codes", kCodesPage, {limit, after[0], after[1]}));
    if (rows.empty()) return ended;
    after = rows.back();
    std::vector<SubjectCommand> commands;
    for (migrator::Row& row : rows) {
      commands.emplace_back(
          VoidCodes{{std::move(row[0]), *UserTypeFrom(row[1])}, OriginOf(options), before});
    }
    for (const absl::StatusOr<SubjectReply>& reply :
         RunAll(RulesWithoutGuesses(), std::make_unique<PgSubjectStore>(place.options, clock),
                std::move(commands))) {
      OTPGATE_RETURN_IF_ERROR(reply.status());
      ended += !reply->event.empty();
    }
  }
}

}  // namespace otpgate::ctl
