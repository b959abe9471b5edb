#ifndef OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_
#define OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/pg/connection.h"
#include "tests/support/pg_cluster.h"

namespace otpgate::bench {

// Counts of rows, which tell whether the operations had their effect.
struct RowCounts {
  int64_t subjects = 0;
  int64_t sessions = 0;
  int64_t revoked = 0;    // of the sessions
  int64_t sign_outs = 0;  // of all devices of an account
  int64_t rotations = 0;  // of refresh tokens
  int64_t sent = 0;       // messages that were sent
  int64_t dropped = 0;    // messages whose code was used or superseded before they were sent
};

// One database of a cluster, with a superuser's connection to it. One thread.
class DatabaseUnderTest {
 public:
  // Creates a database with the whole schema and this many subjects, see StoreRows.
  static absl::StatusOr<std::unique_ptr<DatabaseUnderTest>> Create(support::PgCluster& cluster,
                                                                   int64_t rows);

  const std::string& name() const { return name_; }
  int64_t rows() const { return rows_; }      // stored subjects at the start
  pid_t backend() const { return backend_; }  // the process behind the connection

  pg::Connection& connection() { return *connection_; }

  absl::StatusOr<RowCounts> Count();
  // Waits until every message has been sent. DEADLINE_EXCEEDED: not within half a minute.
  absl::Status AwaitDelivery();

 private:
  DatabaseUnderTest() = default;
  absl::StatusOr<int64_t> Number(const std::string& sql);

  std::string name_;
  int64_t rows_ = 0;
  std::unique_ptr<pg::Connection> connection_;
  pid_t backend_ = 0;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_
