#ifndef OTPGATE_BASE_LOG_FD_SINK_H_
#define OTPGATE_BASE_LOG_FD_SINK_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/log.h"

namespace otpgate {

// Writes lines to a file descriptor, such as standard error. Thread-safe.
//
// A reader that stalls must not stall the service. The first write that finds no room waits for
// `max_wait` at most; later ones are dropped at once until there is room again. Then a line
// {"event":"LOG_LINES_DROPPED","count":N} tells how many are missing. The process must ignore
// SIGPIPE.
class LogFdSink final : public LogSink {
 public:
  // `fd` must stay open as long as the sink, which does not close it.
  explicit LogFdSink(int fd, absl::Duration max_wait = absl::Milliseconds(100))
      : fd_(fd), max_wait_(max_wait) {}

  void Write(absl::string_view lines) override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  const int fd_;
  const absl::Duration max_wait_;
  absl::Mutex mu_;
  int64_t dropped_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_LOG_FD_SINK_H_
