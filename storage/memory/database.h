#ifndef OTPGATE_STORAGE_MEMORY_DATABASE_H_
#define OTPGATE_STORAGE_MEMORY_DATABASE_H_

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/runtime/clock.h"
#include "storage/memory/tables.h"

namespace otpgate {

// The database when there is none: all tables in the memory of this process, for development
// (USE_DATABASE=false), unit tests and the simulator. Gone when the process ends. MemoryStore and
// MemoryReader are the ways in; several may share one database, as the servers of a production
// share PostgreSQL. Thread-safe.
class MemoryDatabase {
 public:
  // `clock` must outlive the database; its wall time is the store's clock.
  explicit MemoryDatabase(const Clock& clock) : clock_(&clock) {}

  const Clock& clock() const { return *clock_; }

  // Runs `use(tables)` while nobody else touches them: one transaction.
  template <class Use>
  decltype(auto) With(Use use) {
    absl::MutexLock lock(&mu_);
    return use(tables_);
  }

  // What a test may look at, in the order of birth.
  std::vector<memory::OutboxRow> Messages();
  std::vector<memory::AuditRow> AuditEvents();
  std::vector<NewSession> Sessions();  // by account and id

  // What an admin may do by hand behind the back of every guard. True: there was such a row.
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
  memory::Tables tables_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_MEMORY_DATABASE_H_
