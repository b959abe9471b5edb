#ifndef OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_
#define OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "migrations/migrator/session.h"
#include "tests/support/pg_cluster.h"

namespace otpgate::bench {

// Rows that tell whether the operations had their effect.
struct RowCounts {
  int64_t subjects = 0;
  int64_t sessions = 0;
  int64_t revoked = 0;    // of the sessions
  int64_t sign_outs = 0;  // everywhere, of an account
  int64_t rotations = 0;  // of refresh tokens
  int64_t sent = 0;       // messages that left
  int64_t dropped = 0;    // messages whose code was used or superseded before
};

// One database of a cluster, seen by a superuser. One thread.
class DatabaseUnderTest {
 public:
  // With the whole schema and so many subjects, see StoreRows.
  static absl::StatusOr<std::unique_ptr<DatabaseUnderTest>> Create(testing::PgCluster& cluster,
                                                                   int64_t rows);

  const std::string& name() const { return name_; }
  int64_t rows() const { return rows_; }      // subjects at the start
  pid_t backend() const { return backend_; }  // that answers this object's questions

  migrator::Session& session() { return *session_; }

  absl::StatusOr<RowCounts> Count();
  // Until every message has left. DEADLINE_EXCEEDED after half a minute.
  absl::Status AwaitDelivery();

 private:
  DatabaseUnderTest() = default;
  absl::StatusOr<int64_t> Number(const std::string& sql);

  std::string name_;
  int64_t rows_ = 0;
  std::unique_ptr<migrator::Session> session_;
  pid_t backend_ = 0;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_DATABASE_UNDER_TEST_H_
