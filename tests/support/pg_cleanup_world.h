#ifndef OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_
#define OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_

#include "server/runtime/clock.h"
#include "storage/conformance/cleanup_world.h"
#include "storage/postgres/pg_options.h"
#include "tests/support/test_database.h"

namespace otpgate::testing {

// Servers as otpgate_app, cleaners as otpgate_cleanup. Time passes by moving all rows into the
// past.
class PgCleanupWorld final : public CleanupWorld {
 public:
  std::unique_ptr<Store<Subject>> NewSubjects() override;
  std::unique_ptr<Store<Bucket>> NewBuckets() override;
  std::unique_ptr<Store<Session>> NewSessions() override;
  std::unique_ptr<Outbox> NewOutbox() override;
  std::unique_ptr<Cleaner> NewCleaner() override;
  std::unique_ptr<JobLeases> NewJobLeases() override;
  void Advance(absl::Duration by) override;
  int64_t CountRows(const std::string& table) override;

  const TestDatabase& database() const { return database_; }
  PgOptions Options(PgRole role) const { return {.connection = database_.Socket(role)}; }

 private:
  const TestDatabase database_;
  SystemClock clock_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_PG_CLEANUP_WORLD_H_
