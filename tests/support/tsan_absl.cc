// For ThreadSanitizer builds only. Debian's Abseil is not instrumented, so the sanitizer does not
// see the order that its locks create. These functions replace those of the library and annotate
// it.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

// The reference count of a shared Status is decremented inside the library, which is not annotated;
// the sanitizer sees only the free() by its last owner.
const char* __tsan_default_suppressions() { return "race:absl::debian3::Status::Unref\n"; }
}

namespace {

// Abseil evaluates the conditions of waiting threads on the thread that releases the lock: after
// the annotation of the release, but still under the lock.
class ConditionsOfOthers {
 public:
  ConditionsOfOthers() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~ConditionsOfOthers() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

template <class Function>
Function Next(const char* mangled) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, mangled));
}

}  // namespace

#define OTPGATE_NEXT(name, type, mangled) static const auto name = Next<type>(mangled)

namespace absl {
inline namespace debian3 {

void Mutex::Lock() {
  OTPGATE_NEXT(real, void (*)(Mutex*), "_ZN4absl7debian35Mutex4LockEv");
  {
    ConditionsOfOthers ignored;
    real(this);
  }
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  OTPGATE_NEXT(real, void (*)(Mutex*), "_ZN4absl7debian35Mutex6UnlockEv");
  __tsan_release(this);
  ConditionsOfOthers ignored;
  real(this);
}

bool Mutex::TryLock() {
  OTPGATE_NEXT(real, bool (*)(Mutex*), "_ZN4absl7debian35Mutex7TryLockEv");
  const bool locked = real(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  OTPGATE_NEXT(real, void (*)(Mutex*), "_ZN4absl7debian35Mutex10ReaderLockEv");
  {
    ConditionsOfOthers ignored;
    real(this);
  }
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  OTPGATE_NEXT(real, void (*)(Mutex*), "_ZN4absl7debian35Mutex12ReaderUnlockEv");
  __tsan_release(this);
  ConditionsOfOthers ignored;
  real(this);
}

void Mutex::Await(const Condition& condition) {
  OTPGATE_NEXT(real, void (*)(Mutex*, const Condition&),
               "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  {
    ConditionsOfOthers ignored;
    real(this, condition);
  }
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  OTPGATE_NEXT(real, bool (*)(Mutex*, const Condition&, Duration),
               "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  __tsan_release(this);
  bool holds = false;
  {
    ConditionsOfOthers ignored;
    holds = real(this, condition, timeout);
  }
  __tsan_acquire(this);
  return holds;
}

void CondVar::Wait(Mutex* mutex) {
  OTPGATE_NEXT(real, void (*)(CondVar*, Mutex*), "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  {
    ConditionsOfOthers ignored;
    real(this, mutex);
  }
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  OTPGATE_NEXT(real, bool (*)(CondVar*, Mutex*, Duration),
               "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  bool timed_out = false;
  {
    ConditionsOfOthers ignored;
    timed_out = real(this, mutex, timeout);
  }
  __tsan_acquire(mutex);
  return timed_out;
}

bool BlockingCounter::DecrementCount() {
  OTPGATE_NEXT(real, bool (*)(BlockingCounter*),
               "_ZN4absl7debian315BlockingCounter14DecrementCountEv");
  __tsan_release(this);
  return real(this);
}

void BlockingCounter::Wait() {
  OTPGATE_NEXT(real, void (*)(BlockingCounter*), "_ZN4absl7debian315BlockingCounter4WaitEv");
  real(this);
  __tsan_acquire(this);
}

void Notification::Notify() {
  OTPGATE_NEXT(real, void (*)(Notification*), "_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(this);
  real(this);
}

void Notification::WaitForNotification() const {
  OTPGATE_NEXT(real, void (*)(const Notification*),
               "_ZNK4absl7debian312Notification19WaitForNotificationEv");
  real(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  OTPGATE_NEXT(real, bool (*)(const Notification*, Duration),
               "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = real(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

bool Barrier::Block() {
  OTPGATE_NEXT(real, bool (*)(Barrier*), "_ZN4absl7debian37Barrier5BlockEv");
  __tsan_release(this);
  const bool last = real(this);
  __tsan_acquire(this);
  return last;
}

}  // namespace debian3
}  // namespace absl
