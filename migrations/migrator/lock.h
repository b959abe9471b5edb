#ifndef OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

// The right to change the schema of one database: a session-level advisory lock. Asked for by
// polling, so that nothing ever waits inside the database and a frozen holder costs others only
// their own patience. Freed with the object, or with the connection.
class Lock {
 public:
  explicit Lock(Session& session) : session_(session) {}
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Tries at once and then until `patience` is over. DEADLINE_EXCEEDED names the holder.
  absl::Status Acquire(absl::Duration patience);

 private:
  Session& session_;
  bool held_ = false;
};

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_
