#ifndef OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_
#define OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/pg/connection.h"

namespace otpgate::bench {

// The state of a table after use.
struct TableHealth {
  std::string table;
  int64_t rows = 0;
  int64_t dead = 0;  // rows that vacuum has not removed yet
  int64_t updates = 0;
  int64_t hot_updates = 0;  // of these: on the same page, without writing an index
  int64_t bytes = 0;
  int64_t needed_bytes = 0;  // for its rows, at its fillfactor
  int64_t index_bytes = 0;
  int64_t needed_index_bytes = 0;

  std::optional<double> hot_ratio() const;  // nothing: never updated
  double bloat() const;                     // bytes / needed_bytes; 1 for an empty table
};

// The hot ratio over the updates of all these tables but `except`. Nothing: there were no updates.
std::optional<double> HotRatioBut(const std::vector<TableHealth>& tables,
                                  const std::string& except);

// Inspects all tables of the schema public that rows were added to. Call it last: it ends the
// connections of the servers, so that they report their statistics, and rewrites every table.
// `connection`: a superuser's.
absl::StatusOr<std::vector<TableHealth>> InspectTables(pg::Connection& connection);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_
