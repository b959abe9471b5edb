#ifndef OTPGATE_STORAGE_NOT_BEFORE_H_
#define OTPGATE_STORAGE_NOT_BEFORE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate {

// The global sign-out: sessions that began before a time are over. Blocking; one thread per object.
class GlobalSignOut {
 public:
  virtual ~GlobalSignOut() = default;

  // Raises the time to `at`, or to the store's clock when that is given as InfiniteFuture(), in one
  // transaction with `audit` (whose `at` becomes the store's clock). It is never lowered. The time
  // in force. UNAVAILABLE; UNKNOWN: no answer to COMMIT; do it again.
  virtual absl::StatusOr<absl::Time> Raise(absl::Time at, const AuditEvent& audit) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_NOT_BEFORE_H_
