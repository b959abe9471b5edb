#ifndef OTPGATE_STORAGE_GLOBAL_SIGN_OUT_H_
#define OTPGATE_STORAGE_GLOBAL_SIGN_OUT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/types.h"

namespace otpgate::storage {

// The global sign-out: ends all sessions that began before a time. Blocking; one thread per object.
class GlobalSignOut {
 public:
  virtual ~GlobalSignOut() = default;

  // Raises the time to `at`, or to the store's clock if `at` is InfiniteFuture(), in one
  // transaction with `audit`, whose `at` becomes the store's clock. The time is never lowered.
  // Returns the time in force.
  //   UNAVAILABLE  the store cannot be reached or is not well; nothing happened
  //   UNKNOWN      no answer: it may have happened. Safe to repeat.
  virtual absl::StatusOr<absl::Time> Raise(absl::Time at, const AuditEvent& audit) = 0;
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_GLOBAL_SIGN_OUT_H_
