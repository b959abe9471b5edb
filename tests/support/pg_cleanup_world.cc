#include "tests/support/pg_cleanup_world.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_cleaner.h"
#include "storage/postgres/pg_job_leases.h"
#include "storage/postgres/pg_outbox.h"
#include "storage/postgres/pg_session_store.h"
#include "storage/postgres/pg_subject_store.h"

namespace otpgate::support {
namespace {

// Gives one UPDATE per table, which moves all its times into the past.
constexpr char kTimes[] = R"sql(
SELECT format('UPDATE %I SET %s', table_name,
              string_agg(format('%I = %I - interval ''$0 microseconds''', column_name, column_name), ', '))
  FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
   AND table_name <> 'schema_migrations'
 GROUP BY table_name
)sql";

constexpr char kSends[] = R"sql(
UPDATE subjects
   SET recent_sends = ARRAY(SELECT t - $0 FROM unnest(recent_sends) t ORDER BY t),
       recent_resends = ARRAY(SELECT t - $0 FROM unnest(recent_resends) t ORDER BY t)
)sql";

}  // namespace

std::unique_ptr<storage::Store<storage::Subject>> PgCleanupWorld::NewSubjects() {
  return std::make_unique<storage::postgres::PgSubjectStore>(Options(PgRole::kApp), clock_);
}
std::unique_ptr<storage::Store<storage::Bucket>> PgCleanupWorld::NewBuckets() {
  return std::make_unique<storage::postgres::PgBucketStore>(Options(PgRole::kApp), clock_);
}
std::unique_ptr<storage::Store<storage::Session>> PgCleanupWorld::NewSessions() {
  return std::make_unique<storage::postgres::PgSessionStore>(Options(PgRole::kApp), clock_);
}
std::unique_ptr<storage::Outbox> PgCleanupWorld::NewOutbox() {
  return std::make_unique<storage::postgres::PgOutbox>(Options(PgRole::kApp));
}
std::unique_ptr<storage::Cleaner> PgCleanupWorld::NewCleaner() {
  return std::make_unique<storage::postgres::PgCleaner>(Options(PgRole::kCleanup));
}
std::unique_ptr<storage::JobLeases> PgCleanupWorld::NewJobLeases() {
  return std::make_unique<storage::postgres::PgJobLeases>(Options(PgRole::kCleanup));
}

void PgCleanupWorld::Advance(absl::Duration by) {
  const int64_t micros = absl::ToInt64Microseconds(by);
  for (const auto& row : database_.Query(absl::Substitute(kTimes, micros))) {
    database_.Query(row.at(0));
  }
  database_.Query(absl::Substitute(kSends, micros));
}

int64_t PgCleanupWorld::CountRows(const std::string& table) {
  return std::stoll(database_.Value(absl::StrCat("SELECT count(*) FROM ", table)));
}

}  // namespace otpgate::support
