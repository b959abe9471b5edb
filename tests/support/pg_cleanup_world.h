#ifndef OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_
#define OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_

#include "base/clock.h"
#include "base/pg/connection.h"
#include "storage/conformance/cleanup_world.h"
#include "tests/support/test_database.h"

namespace otpgate::support {

// A world with PostgreSQL: servers as otpgate_app, cleaners as otpgate_cleanup. Moving all rows
// into the past makes time pass.
class PgCleanupWorld final : public storage::conformance::CleanupWorld {
 public:
  std::unique_ptr<storage::Store<storage::Subject>> NewSubjects() override;
  std::unique_ptr<storage::Store<storage::Bucket>> NewBuckets() override;
  std::unique_ptr<storage::Store<storage::Session>> NewSessions() override;
  std::unique_ptr<storage::Outbox> NewOutbox() override;
  std::unique_ptr<storage::Cleaner> NewCleaner() override;
  std::unique_ptr<storage::JobLeases> NewJobLeases() override;
  void Advance(absl::Duration by) override;
  int64_t CountRows(const std::string& table) override;

  const TestDatabase& database() const { return database_; }
  pg::ConnectionOptions Options(PgRole role) const {
    return {.connection_string = database_.Socket(role)};
  }

 private:
  const TestDatabase database_;
  SystemClock clock_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_
