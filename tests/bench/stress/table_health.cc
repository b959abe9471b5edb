#include "tests/bench/stress/table_health.h"

#include <initializer_list>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::bench {
namespace {

absl::Status Take(const std::string& text, int64_t& number) {
  if (absl::SimpleAtoi(text, &number)) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("not a number: ", text));
}

// Reads the columns of a row into `numbers`, from column `first` on.
absl::Status Take(const pg::Row& row, size_t first, std::initializer_list<int64_t*> numbers) {
  for (int64_t* number : numbers) OTPGATE_RETURN_IF_ERROR(Take(row.at(first++), *number));
  return absl::OkStatus();
}

absl::Status WriteAnew(pg::Connection& connection, TableHealth& health) {
  OTPGATE_RETURN_IF_ERROR(connection.Run("rewrite", absl::StrCat("VACUUM FULL ", health.table)));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      connection.Query("measure", absl::StrCat("SELECT reltuples::bigint, pg_relation_size(oid),"
                                               " pg_indexes_size(oid) FROM pg_class WHERE oid = '",
                                               health.table, "'::regclass")));
  return Take(rows.at(0), 0, {&health.rows, &health.needed_bytes, &health.needed_index_bytes});
}

}  // namespace

std::optional<double> TableHealth::hot_ratio() const {
  if (updates == 0) return std::nullopt;
  return static_cast<double>(hot_updates) / static_cast<double>(updates);
}

std::optional<double> HotRatioBut(const std::vector<TableHealth>& tables,
                                  const std::string& except) {
  TableHealth all;
  for (const TableHealth& one : tables) {
    if (one.table == except) continue;
    all.updates += one.updates;
    all.hot_updates += one.hot_updates;
  }
  return all.hot_ratio();
}

double TableHealth::bloat() const {
  if (needed_bytes == 0) return 1;
  return static_cast<double>(bytes) / static_cast<double>(needed_bytes);
}

absl::StatusOr<std::vector<TableHealth>> InspectTables(pg::Connection& connection) {
  OTPGATE_RETURN_IF_ERROR(connection.Run(
      "end sessions",
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
      " WHERE datname = current_database() AND usename IN ('otpgate_app', 'otpgate_cleanup')"));
  OTPGATE_RETURN_IF_ERROR(connection.Run("set", "SET maintenance_work_mem = '512MB'"));
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      connection.Query("statistics",
                       "SELECT relname, n_dead_tup, n_tup_upd, n_tup_hot_upd,"
                       "       pg_relation_size(relid), pg_indexes_size(relid)"
                       "  FROM pg_stat_user_tables"
                       " WHERE schemaname = 'public' AND n_tup_ins > 0 ORDER BY relname"));
  std::vector<TableHealth> tables;
  for (const pg::Row& row : rows) {
    TableHealth& health = tables.emplace_back();
    health.table = row.at(0);
    OTPGATE_RETURN_IF_ERROR(Take(
        row, 1,
        {&health.dead, &health.updates, &health.hot_updates, &health.bytes, &health.index_bytes}));
  }
  for (TableHealth& health : tables) OTPGATE_RETURN_IF_ERROR(WriteAnew(connection, health));
  return tables;
}

}  // namespace otpgate::bench
