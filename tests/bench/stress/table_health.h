#ifndef OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_
#define OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "migrations/migrator/session.h"

namespace otpgate::bench {

// What use has made of a table.
struct TableHealth {
  std::string table;
  int64_t rows = 0;
  int64_t dead = 0;  // that vacuum has not come to yet
  int64_t updates = 0;
  int64_t hot_updates = 0;  // of these: stayed on their page, so no index was written
  int64_t bytes = 0;
  int64_t needed_bytes = 0;  // for its rows alone, at its fillfactor
  int64_t index_bytes = 0;
  int64_t needed_index_bytes = 0;

  std::optional<double> hot_ratio() const;  // nothing: it was never updated
  double bloat() const;                     // bytes over what is needed; 1: nothing is
};

// Of all updates of these tables, except of the one named so; nothing: there were none.
std::optional<double> HotRatioBut(const std::vector<TableHealth>& tables,
                                  const std::string& except);

// Of all tables of the schema public that rows were added to. Ends the sessions of the servers,
// which tell then what they counted, and writes every table anew, so: after all else. `session` is
// one of a superuser.
absl::StatusOr<std::vector<TableHealth>> InspectTables(migrator::Session& session);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_TABLE_HEALTH_H_
