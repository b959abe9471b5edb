#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_

#include <cstdint>

#include "absl/time/time.h"
#include "storage/cleanup.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement.h"

// Rows that may be removed (storage/cleanup.h) are found by a walk over the pages of each table. No
// index helps: the columns that decide change with every login, and an index on them would end HOT
// updates. Each statement reads a range of pages and is a transaction of its own.
namespace otpgate::storage::postgres {

// Pages of 8 kB that one statement reads.
inline constexpr int64_t kPagesPerRemoval = 256;
inline constexpr int64_t kPagesPerCount = 2048;

//   $1 text[] first ctid   $2 text[] ctid after the last   $3 bigint[] microseconds of retention
//   $4 timestamptz[] latest now   $5 bigint[] limit of rows (removal only)
// One row: rows that may be removed, rows removed, pages of the table.
const Statement& RemovalOf(CleanupKind kind);
const Statement& CountOf(CleanupKind kind);

class PageRangeColumns final : public Columns {
 public:
  PageRangeColumns();
  void Add(int64_t first_page, int64_t pages, absl::Duration retention, absl::Time latest_now);

 private:
  TextArray first_, last_;
  Int64Array retention_;
  TimeArray latest_now_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENTS_CLEANUP_H_
