#ifndef OTPGATE_SERVER_RUNTIME_CURRENT_H_
#define OTPGATE_SERVER_RUNTIME_CURRENT_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate {

// What is in force now, and may be replaced while others still use the one before. Thread-safe.
template <class T>
class Current {
 public:
  // Null: nothing yet.
  std::shared_ptr<const T> Get() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::ReaderMutexLock lock(&mu_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) ABSL_LOCKS_EXCLUDED(mu_) {
    {
      absl::MutexLock lock(&mu_);
      value_.swap(value);
    }
    // The one before ends here, outside of the lock.
  }

 private:
  mutable absl::Mutex mu_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_CURRENT_H_
