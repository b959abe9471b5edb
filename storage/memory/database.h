#ifndef OTPGATE_STORAGE_MEMORY_DATABASE_H_
#define OTPGATE_STORAGE_MEMORY_DATABASE_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "storage/memory/tables.h"

namespace otpgate::storage::memory {

// All tables in the memory of this process, for development (USE_DATABASE=false), unit tests and
// the simulator. Lost when the process ends. Used through MemoryStore, MemoryReader, MemoryOutbox
// and the like; several of them may share one database, as servers share PostgreSQL. Thread-safe.
class MemoryDatabase {
 public:
  // `clock` must outlive the database; its wall time is the store's clock.
  explicit MemoryDatabase(const Clock& clock) : clock_(&clock) {}

  const Clock& clock() const { return *clock_; }

  // Runs `use(tables)` under the lock of all tables: one transaction.
  template <class Use>
  decltype(auto) With(Use use) {
    absl::MutexLock lock(&mu_);
    return use(tables_);
  }

  // For tests: copies of rows, in the order in which they were inserted.
  std::vector<OutboxRow> Messages();
  std::vector<AuditRow> AuditEvents();
  std::vector<NewSession> Sessions();  // by account and id

  // For tests: what an admin may do by hand, without a guard. True: there was such a row.
  bool DeleteSubject(const SubjectKey& subject);
  bool DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose);
  // DELETE FROM signup_otps WHERE expires_at <= NOW(); the number of rows.
  int DeleteExpiredSignupOtps();
  // UPDATE users SET status = ..., token_version = ...
  bool SetAccount(const UserId& user, bool disabled, int token_version);
  // UPDATE sessions SET generation = ..., revoked_at = ...
  bool SetSession(const UserId& user, const SessionId& session, int generation, bool revoked);

 private:
  const Clock* const clock_;
  absl::Mutex mu_;
  Tables tables_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_DATABASE_H_
