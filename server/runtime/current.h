#ifndef OTPGATE_SERVER_RUNTIME_CURRENT_H_
#define OTPGATE_SERVER_RUNTIME_CURRENT_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::runtime {

// Holds an immutable value that can be replaced while readers still use the old one. Thread-safe.
template <class T>
class Current {
 public:
  // Null before the first Set.
  std::shared_ptr<const T> Get() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::ReaderMutexLock lock(&mu_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) ABSL_LOCKS_EXCLUDED(mu_) {
    {
      absl::MutexLock lock(&mu_);
      value_.swap(value);
    }
    // `value` now holds the old value and releases it here, outside of the lock.
  }

 private:
  mutable absl::Mutex mu_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_CURRENT_H_
