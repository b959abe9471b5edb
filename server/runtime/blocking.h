#ifndef OTPGATE_SERVER_RUNTIME_BLOCKING_H_
#define OTPGATE_SERVER_RUNTIME_BLOCKING_H_

#include "base/check.h"

namespace otpgate::runtime {

// Marks code that must not block, on the thread where it lives. The threads that serve the network
// are few, and one that waits for a store, a lock or a peer stops every call behind it. Scopes
// nest.
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

// Put it first in a function that blocks. Debug builds abort if the thread is inside a
// NoBlockingScope; release builds check nothing.
inline void AssertMayBlock() {
#ifndef NDEBUG
  OTPGATE_CHECK(!NoBlockingScope::Active());
#endif
}

}  // namespace otpgate::runtime

#endif  // OTPGATE_SERVER_RUNTIME_BLOCKING_H_
