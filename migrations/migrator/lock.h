#ifndef OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/pg/connection.h"

namespace otpgate::migrator {

// The lock for changes of one database's schema: an advisory lock of the connection. Acquire polls,
// so that no statement waits inside the database, and waits for a holder that hangs no longer than
// it is told. The lock is released with the object, or with the connection.
class Lock {
 public:
  explicit Lock(pg::Connection& connection) : connection_(connection) {}
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Tries at once and then for `timeout`. DEADLINE_EXCEEDED names the holder.
  absl::Status Acquire(absl::Duration timeout);

 private:
  pg::Connection& connection_;
  bool held_ = false;
};

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_LOCK_H_
