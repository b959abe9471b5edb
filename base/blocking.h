#ifndef OTPGATE_BASE_BLOCKING_H_
#define OTPGATE_BASE_BLOCKING_H_

#include "base/check.h"

namespace otpgate {

// Marks code that must not block, on the thread where it lives. The threads that serve the network
// are few, and one that waits for a store, a file or a peer stops every call behind it. Scopes
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

// Called by what waits for a database, a file or the end of calls: each statement of a
// pg::Connection, ReadTextFile, the drain of the server. Debug builds abort if the thread is inside
// a NoBlockingScope; release builds check nothing.
inline void AssertMayBlock() {
#ifndef NDEBUG
  OTPGATE_CHECK(!NoBlockingScope::Active());
#endif
}

}  // namespace otpgate

#endif  // OTPGATE_BASE_BLOCKING_H_
