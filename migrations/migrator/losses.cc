#include "migrations/migrator/losses.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"

namespace otpgate::migrator {
namespace {

// Tables (with an empty column name) and columns, with the statement that counts their data.
// Generated columns have no data of their own.
constexpr char kInventory[] = R"sql(
  SELECT relname, '', format('SELECT count(*) FROM public.%I', relname)
    FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  UNION ALL
  SELECT relname, attname, format('SELECT count(%I) FROM public.%I', attname, relname)
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
)sql";

absl::StatusOr<std::set<pg::Row>> Inventory(pg::Connection& connection) {
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection.Query("list tables", kInventory));
  return std::set<pg::Row>(rows.begin(), rows.end());
}

// A column that is dropped with its table is not listed.
std::vector<Dropped> WithoutColumnsOfTables(const std::vector<pg::Row>& gone) {
  std::set<std::string> tables;
  for (const pg::Row& row : gone) {
    if (row[1].empty()) tables.insert(row[0]);
  }
  std::vector<Dropped> dropped;
  for (const pg::Row& row : gone) {
    if (row[1].empty() || !tables.contains(row[0])) dropped.push_back({row[0], row[1], row[2]});
  }
  return dropped;
}

}  // namespace

absl::StatusOr<std::vector<Dropped>> FindDropped(pg::Connection& connection,
                                                 const Migration& migration) {
  Transaction never_committed(connection);
  OTPGATE_RETURN_IF_ERROR(never_committed.Begin());
  OTPGATE_RETURN_IF_ERROR(connection.Run("lock time limit", "SET LOCAL lock_timeout = '200ms'"));
  OTPGATE_ASSIGN_OR_RETURN(const std::set<pg::Row> before, Inventory(connection));
  OTPGATE_RETURN_IF_ERROR(
      never_committed.RunForeign(absl::StrCat(migration.file, ": down"), migration.down));
  OTPGATE_ASSIGN_OR_RETURN(const std::set<pg::Row> after, Inventory(connection));
  std::vector<pg::Row> gone;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(gone));
  return WithoutColumnsOfTables(gone);
}

absl::StatusOr<std::vector<Loss>> CountLosses(pg::Connection& connection,
                                              const std::vector<Dropped>& dropped) {
  std::vector<Loss> losses;
  for (const Dropped& one : dropped) {
    OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows,
                             connection.Query(absl::StrCat("count ", one.table), one.count_sql));
    Loss loss{one.table, one.column, 0};
    if (!absl::SimpleAtoi(rows.at(0).at(0), &loss.rows)) {
      return absl::InternalError(absl::StrCat("count ", one.table, ": not a number"));
    }
    if (loss.rows > 0) losses.push_back(loss);
  }
  return losses;
}

}  // namespace otpgate::migrator
