#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_

#include <cstdint>

#include "absl/time/time.h"
#include "storage/cleanup.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"

// Rows at rest are found by walking each table page after page. No index: what says that a row is
// at rest changes with every login, and an index on it would end HOT updates. Each statement reads
// a stretch of pages and is a transaction of its own.
namespace otpgate {

// Pages of 8 kB that one statement looks through.
inline constexpr int64_t kPagesPerRemoval = 256;
inline constexpr int64_t kPagesPerCount = 2048;

//   $1 text[] first place   $2 text[] place after the last   $3 bigint[] microseconds of retention
//   $4 timestamptz[] latest now   $5 bigint[] rows, at most (removal alone)
// One row: rows at rest, rows removed, pages of the table.
const Statement& RemovalOf(CleanupKind kind);
const Statement& CountOf(CleanupKind kind);

class StretchColumns final : public Columns {
 public:
  StretchColumns();
  void Add(int64_t first_page, int64_t pages, absl::Duration retention, absl::Time latest_now);

 private:
  TextArray first_, last_;
  Int64Array retention_;
  TimeArray latest_now_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_
