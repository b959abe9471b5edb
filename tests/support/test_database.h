#ifndef OTPGATE_TESTS_SUPPORT_TEST_DATABASE_H_
#define OTPGATE_TESTS_SUPPORT_TEST_DATABASE_H_

#include <string>

#include "migrations/migrator/connection.h"
#include "tests/support/pg_cluster.h"

namespace otpgate::support {

// A database of a cluster for one test, migrated or empty. Dropped with the object. Ends the
// program when it cannot be created. Thread-safe.
class TestDatabase {
 public:
  enum class Schema { kMigrated, kEmpty };

  explicit TestDatabase(PgCluster& cluster = SharedPgCluster(), Schema schema = Schema::kMigrated);
  explicit TestDatabase(Schema schema) : TestDatabase(SharedPgCluster(), schema) {}
  // The copy of `original` on a standby. Not dropped.
  TestDatabase(PgCluster& standby, const TestDatabase& original);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }

  // libpq connection strings.
  std::string Socket(PgRole role) const { return cluster_.Socket(name_, role); }
  std::string Tcp(PgRole role) const { return cluster_.Tcp(name_, role); }
  std::string Via(int port, PgRole role) const { return cluster_.Via(port, name_, role); }

  // Runs SQL on a new connection and returns the rows as text; NULL is "". An error fails the test
  // and gives no rows.
  pg::Rows Query(const std::string& sql, PgRole role = PgRole::kSuperuser) const;
  // Like Query, for the only field of the only row.
  std::string Value(const std::string& sql, PgRole role = PgRole::kSuperuser) const;
  // Like Query, but returns the status, for SQL that may fail.
  absl::Status Try(const std::string& sql, PgRole role = PgRole::kSuperuser) const;

 private:
  PgCluster& cluster_;
  const std::string name_;
  const bool is_copy_ = false;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_TEST_DATABASE_H_
