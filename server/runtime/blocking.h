#ifndef OTPGATE_SERVER_RUNTIME_BLOCKING_H_
#define OTPGATE_SERVER_RUNTIME_BLOCKING_H_

#include "server/runtime/check.h"

namespace otpgate {

// While one lives, its thread must not wait for a store, a lock of unknown length or a peer: the
// threads that serve the network are few, and one that waits stops every call behind it.
class NoBlockingScope {
 public:
  NoBlockingScope() { ++depth_; }
  ~NoBlockingScope() { --depth_; }
  NoBlockingScope(const NoBlockingScope&) = delete;
  NoBlockingScope& operator=(const NoBlockingScope&) = delete;

  static bool Active() { return depth_ > 0; }

 private:
  static inline thread_local int depth_ = 0;
};

// Stands at the top of every call that may wait. Debug builds end the process when the thread is
// inside a NoBlockingScope; release builds check nothing.
inline void AssertMayBlock() {
#ifndef NDEBUG
  OTPGATE_CHECK(!NoBlockingScope::Active());
#endif
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_BLOCKING_H_
