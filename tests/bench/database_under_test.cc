#include "tests/bench/database_under_test.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"
#include "tests/bench/stored_rows.h"

namespace otpgate::bench {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);
constexpr absl::Duration kLook = absl::Milliseconds(2);

}  // namespace

absl::StatusOr<std::unique_ptr<DatabaseUnderTest>> DatabaseUnderTest::Create(
    support::PgCluster& cluster, int64_t rows) {
  std::unique_ptr<DatabaseUnderTest> database(new DatabaseUnderTest);
  database->rows_ = rows;
  OTPGATE_ASSIGN_OR_RETURN(database->name_, cluster.CreateDatabase());
  const std::string superuser = cluster.Socket(database->name_, support::PgRole::kSuperuser);
  OTPGATE_ASSIGN_OR_RETURN(database->connection_, migrator::Connect(superuser));
  OTPGATE_ASSIGN_OR_RETURN(const int64_t backend, database->Number("SELECT pg_backend_pid()"));
  database->backend_ = static_cast<pid_t>(backend);
  OTPGATE_RETURN_IF_ERROR(StoreRows(superuser, rows));
  return database;
}

absl::StatusOr<int64_t> DatabaseUnderTest::Number(const std::string& sql) {
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection_->Query(sql, sql));
  int64_t number = 0;
  if (rows.size() != 1 || rows[0].size() != 1 || !absl::SimpleAtoi(rows[0][0], &number)) {
    return absl::InternalError(absl::StrCat(sql, ": one number expected"));
  }
  return number;
}

absl::StatusOr<RowCounts> DatabaseUnderTest::Count() {
  RowCounts counts;
  OTPGATE_ASSIGN_OR_RETURN(counts.subjects, Number("SELECT count(*) FROM subjects"));
  OTPGATE_ASSIGN_OR_RETURN(counts.sessions, Number("SELECT count(*) FROM sessions"));
  OTPGATE_ASSIGN_OR_RETURN(counts.revoked, Number("SELECT count(revoked_at) FROM sessions"));
  OTPGATE_ASSIGN_OR_RETURN(counts.sign_outs,
                           Number("SELECT coalesce(sum(token_version), 0) FROM users"));
  OTPGATE_ASSIGN_OR_RETURN(counts.rotations,
                           Number("SELECT coalesce(sum(generation), 0) FROM sessions"));
  OTPGATE_ASSIGN_OR_RETURN(counts.sent, Number("SELECT count(*) FROM outbox WHERE state = 'sent'"));
  OTPGATE_ASSIGN_OR_RETURN(counts.dropped,
                           Number("SELECT count(*) FROM outbox WHERE state = 'dropped'"));
  return counts;
}

absl::Status DatabaseUnderTest::AwaitDelivery() {
  const absl::Time give_up = absl::Now() + kTimeout;
  while (absl::Now() < give_up) {
    OTPGATE_ASSIGN_OR_RETURN(const int64_t open,
                             Number("SELECT count(*) FROM outbox WHERE state = 'pending'"));
    if (open == 0) return absl::OkStatus();
    absl::SleepFor(kLook);
  }
  return absl::DeadlineExceededError("messages do not leave");
}

}  // namespace otpgate::bench
