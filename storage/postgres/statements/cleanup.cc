#include "storage/postgres/statements/cleanup.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace otpgate::storage::postgres {
namespace {

// The highest page number of a table.
constexpr int64_t kPagesMax = 4'294'967'294;

// Later than any clock.
const absl::Time kLastTime = absl::FromCivil(absl::CivilYear(9999), absl::UTCTimeZone());

// The condition on the row `r` itself under which it may be removed. `present` stands for the
// clock, `cutoff` for the clock minus the retention.
absl::string_view Condition(CleanupKind kind) {
  switch (kind) {
    case CleanupKind::kSignupOtps:
    case CleanupKind::kOtpSessions:
      return "r.expires_at <= cutoff";
    case CleanupKind::kRequests:
      return "r.created_at <= cutoff AND (r.expires_at <= present) IS NOT FALSE";
    case CleanupKind::kOutbox:
      return "r.state <> 'pending' AND r.finished_at <= cutoff";
    case CleanupKind::kSubjects:
      return R"sql(r.user_id IS NULL AND r.updated_at <= cutoff
       AND (r.blocked_until <= present) IS NOT FALSE
       AND (r.disabled_at <= cutoff) IS NOT FALSE
       AND coalesce(r.recent_sends[cardinality(r.recent_sends)], 0) <= cutoff_micros
       AND coalesce(r.recent_resends[cardinality(r.recent_resends)], 0) <= cutoff_micros)sql";
    case CleanupKind::kSessions:
      return "r.absolute_expires_at <= cutoff";
    case CleanupKind::kLimits:
      return "r.tat <= cutoff AND r.updated_at <= cutoff";
    case CleanupKind::kAuditEvents:
      return "r.at <= cutoff";
  }
  return "false";
}

// The condition on other tables. It is checked when the row is found and not again under its lock:
// within a statement the result would be the same, and a write of a code also writes its subject,
// which may then not be removed.
absl::string_view WithoutOthers(CleanupKind kind) {
  if (kind != CleanupKind::kSubjects) return "";
  // OFFSET 0 forces a lookup by key for each row that gets so far, instead of a join of the tables.
  return R"sql(
   AND NOT EXISTS (SELECT FROM signup_otps o
                    WHERE o.identifier = r.identifier AND o.user_type = r.user_type OFFSET 0)
   AND NOT EXISTS (SELECT FROM otp_sessions o
                    WHERE o.identifier = r.identifier AND o.user_type = r.user_type OFFSET 0))sql";
}

// Audit events are never updated, so no row of them is locked and skipped; and the right to lock
// them would be a right to change them.
bool IsEverUpdated(CleanupKind kind) { return kind != CleanupKind::kAuditEvents; }

// Condition() with its times as sub-selects, which are evaluated once for all rows.
std::string WhereRemovable(CleanupKind kind) {
  constexpr absl::string_view kPresent = "least(statement_timestamp(), ($4::timestamptz[])[1])";
  const std::string cutoff =
      absl::StrCat(kPresent, " - ($3::bigint[])[1] * interval '1 microsecond'");
  return absl::StrReplaceAll(Condition(kind),
                             {{"cutoff_micros", absl::StrCat("(SELECT (extract(epoch FROM ", cutoff,
                                                             ") * 1000000)::bigint)")},
                              {"cutoff", absl::StrCat("(SELECT ", cutoff, ")")},
                              {"present", absl::StrCat("(SELECT ", kPresent, ")")}});
}

std::string Seen(CleanupKind kind) {
  return absl::StrCat("FROM ", NameOf(kind), " AS r\n",
                      " WHERE r.ctid >= ($1::text[])[1]::tid AND r.ctid < ($2::text[])[1]::tid\n",
                      "   AND ", WhereRemovable(kind), WithoutOthers(kind));
}

std::string Pages(CleanupKind kind) {
  return absl::StrCat("pg_relation_size('", NameOf(kind),
                      "') / current_setting('block_size')::bigint");
}

// The ctid is the guard: a row that was written since it was found has another one, and the
// condition is checked again under the lock.
Statement Removal(CleanupKind kind) {
  const absl::string_view table = NameOf(kind);
  std::string sql = absl::StrCat("WITH seen AS MATERIALIZED (\nSELECT r.ctid AS place ", Seen(kind),
                                 "\n LIMIT ($5::bigint[])[1]\n)");
  absl::string_view from = "seen";
  if (IsEverUpdated(kind)) {
    absl::StrAppend(&sql, ", held AS MATERIALIZED (\nSELECT r.ctid AS place FROM ", table,
                    " AS r\n WHERE r.ctid = ANY (ARRAY(SELECT place FROM seen))\n   AND ",
                    WhereRemovable(kind), "\n   FOR UPDATE SKIP LOCKED\n)");
    from = "held";
  }
  absl::StrAppend(&sql, ", gone AS (\nDELETE FROM ", table,
                  " AS r\n WHERE r.ctid = ANY (ARRAY(SELECT place FROM ", from, "))\n   AND ",
                  WhereRemovable(kind), "\nRETURNING 1\n)\n",
                  "SELECT (SELECT count(*) FROM seen), (SELECT count(*) FROM gone), ", Pages(kind));
  return {absl::StrCat("clean_", table), std::move(sql)};
}

Statement Count(CleanupKind kind) {
  return {absl::StrCat("count_at_rest_", NameOf(kind)),
          absl::StrCat("SELECT count(*), 0, ", Pages(kind), "\n  ", Seen(kind))};
}

struct Both {
  Statement removal;
  Statement count;
};

const Both& StatementsOf(CleanupKind kind) {
  static const auto* const all = [] {
    auto* made = new std::map<CleanupKind, Both>;
    for (const CleanupKind each : kCleanupKinds) made->insert({each, {Removal(each), Count(each)}});
    return made;
  }();
  return all->at(kind);
}

std::string PlaceOf(int64_t page) { return absl::StrCat("(", std::min(page, kPagesMax), ",0)"); }

}  // namespace

const Statement& RemovalOf(CleanupKind kind) { return StatementsOf(kind).removal; }
const Statement& CountOf(CleanupKind kind) { return StatementsOf(kind).count; }

PageRangeColumns::PageRangeColumns() : Columns({&first_, &last_, &retention_, &latest_now_}) {}

void PageRangeColumns::Add(int64_t first_page, int64_t pages, absl::Duration retention,
                           absl::Time latest_now) {
  first_.Add(PlaceOf(first_page));
  last_.Add(PlaceOf(first_page + pages));
  retention_.Add(absl::ToInt64Microseconds(retention));
  latest_now_.Add(std::min(latest_now, kLastTime));
}

}  // namespace otpgate::storage::postgres
