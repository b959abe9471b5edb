#include "storage/postgres/pg_cleaner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "storage/postgres/statements/cleanup.h"

namespace otpgate::storage::postgres {
namespace {

// Statements that must be in time before a range that was halved is doubled again.
constexpr int kInTimeToDouble = 16;

constexpr char kCancelled[] = "SQLSTATE 57014";  // by statement_timeout

}  // namespace

PgCleaner::PgCleaner(pg::ConnectionOptions options) : connection_(std::move(options)) {}

int64_t PgCleaner::PagesFor(CleanupKind kind, int64_t most) {
  if (kind_ != kind || most_ != most) pages_ = most;
  if (in_time_ >= kInTimeToDouble) {
    in_time_ = 0;
    pages_ = std::min(2 * pages_, most);
  }
  kind_ = kind;
  most_ = most;
  return pages_;
}

bool PgCleaner::HalvePagesIfTooSlow(const absl::Status& status) {
  if (pages_ == 1 || !absl::StrContains(status.message(), kCancelled)) return false;
  pages_ /= 2;
  in_time_ = 0;
  return true;
}

absl::StatusOr<CleanupStep> PgCleaner::Remove(CleanupKind kind, const Retention& retention,
                                              int64_t cursor, int limit) {
  const int64_t pages_now = PagesFor(kind, kPagesPerRemoval);
  PageRangeColumns range;
  range.Add(cursor, pages_now, RetentionOf(kind, retention), retention.latest_now);
  Int64Array limits;
  limits.Add(limit);
  Params params = range.ToParams();
  params.push_back(limits.bytes());
  CleanupStep step;
  int64_t pages = 0;
  const auto read = [&](RowReader& in) {
    step.removable = in.Int64();
    step.removed = in.Int64();
    pages = in.Int64();
  };
  const absl::Status ran = connection_.Run(RemovalOf(kind), params, read, pg::OnLoss::kInDoubt);
  if (HalvePagesIfTooSlow(ran)) return CleanupStep{.next = cursor};
  OTPGATE_RETURN_IF_ERROR(ran);
  ++in_time_;
  // The limit was reached: there may be more on the same pages.
  const bool again = step.removable >= limit && step.removed > 0;
  const int64_t next = again ? cursor : cursor + pages_now;
  if (next < pages) step.next = next;
  return step;
}

absl::StatusOr<CleanupStep> PgCleaner::Count(CleanupKind kind, const Retention& retention,
                                             int64_t cursor) {
  const int64_t pages_now = PagesFor(kind, kPagesPerCount);
  PageRangeColumns range;
  range.Add(cursor, pages_now, RetentionOf(kind, retention), retention.latest_now);
  CleanupStep step;
  int64_t pages = 0;
  const auto read = [&](RowReader& in) {
    step.removable = in.Int64();
    in.Skip(1);
    pages = in.Int64();
  };
  const absl::Status ran = connection_.Run(CountOf(kind), range.ToParams(), read);
  if (HalvePagesIfTooSlow(ran)) return CleanupStep{.next = cursor};
  OTPGATE_RETURN_IF_ERROR(ran);
  ++in_time_;
  if (cursor + pages_now < pages) step.next = cursor + pages_now;
  return step;
}

}  // namespace otpgate::storage::postgres
