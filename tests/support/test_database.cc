#include "tests/support/test_database.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/status_macros.h"
#include "migrations/migrator/connection.h"

namespace otpgate::support {
namespace {

std::string Create(PgCluster& cluster, TestDatabase::Schema schema) {
  const absl::StatusOr<std::string> name = schema == TestDatabase::Schema::kMigrated
                                               ? cluster.CreateDatabase()
                                               : cluster.CreateEmptyDatabase();
  if (name.ok()) return *name;
  std::fprintf(stderr, "no database for this test: %s\n", name.status().ToString().c_str());
  std::exit(1);
}

absl::StatusOr<pg::Rows> Run(const std::string& database, const std::string& sql) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<pg::Connection> connection,
                           migrator::Connect(database));
  return connection->Query(sql, sql);
}

}  // namespace

TestDatabase::TestDatabase(PgCluster& cluster, Schema schema)
    : cluster_(cluster), name_(Create(cluster, schema)) {}

TestDatabase::TestDatabase(PgCluster& standby, const TestDatabase& original)
    : cluster_(standby), name_(original.name_), is_copy_(true) {}

// Ignores a failure, as the test may have stopped the cluster.
TestDatabase::~TestDatabase() {
  if (!is_copy_) cluster_.DropDatabase(name_).IgnoreError();
}

pg::Rows TestDatabase::Query(const std::string& sql, PgRole role) const {
  absl::StatusOr<pg::Rows> rows = Run(Socket(role), sql);
  if (rows.ok()) return *std::move(rows);
  ADD_FAILURE() << rows.status();
  return {};
}

std::string TestDatabase::Value(const std::string& sql, PgRole role) const {
  const pg::Rows rows = Query(sql, role);
  if (rows.size() == 1 && rows[0].size() == 1) return rows[0][0];
  ADD_FAILURE() << "one row with one field expected: " << sql;
  return "";
}

absl::Status TestDatabase::Try(const std::string& sql, PgRole role) const {
  return Run(Socket(role), sql).status();
}

}  // namespace otpgate::support
