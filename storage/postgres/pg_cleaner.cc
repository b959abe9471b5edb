#include "storage/postgres/pg_cleaner.h"

#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/statements/cleanup.h"

namespace otpgate {

PgCleaner::PgCleaner(PgOptions options) : session_(std::move(options)) {}

absl::StatusOr<CleanupStep> PgCleaner::Remove(CleanupKind kind, const Retention& retention,
                                              int64_t place, int limit) {
  StretchColumns stretch;
  stretch.Add(place, kPagesPerRemoval, RetentionOf(kind, retention), retention.latest_now);
  Int64Array limits;
  limits.Add(limit);
  Params params = stretch.ToParams();
  params.push_back(limits.bytes());
  CleanupStep step;
  int64_t pages = 0;
  const auto read = [&](RowReader& in) {
    step.at_rest = in.Int64();
    step.removed = in.Int64();
    pages = in.Int64();
  };
  OTPGATE_RETURN_IF_ERROR(session_.Run(RemovalOf(kind), params, read, OnLoss::kInDoubt));
  // A full hand: there may be more on the same pages.
  const bool again = step.at_rest >= limit && step.removed > 0;
  const int64_t next = again ? place : place + kPagesPerRemoval;
  if (next < pages) step.next = next;
  return step;
}

absl::StatusOr<CleanupStep> PgCleaner::Count(CleanupKind kind, const Retention& retention,
                                             int64_t place) {
  StretchColumns stretch;
  stretch.Add(place, kPagesPerCount, RetentionOf(kind, retention), retention.latest_now);
  CleanupStep step;
  int64_t pages = 0;
  OTPGATE_RETURN_IF_ERROR(session_.Run(CountOf(kind), stretch.ToParams(), [&](RowReader& in) {
    step.at_rest = in.Int64();
    in.Skip(1);
    pages = in.Int64();
  }));
  if (place + kPagesPerCount < pages) step.next = place + kPagesPerCount;
  return step;
}

}  // namespace otpgate
