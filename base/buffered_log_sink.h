#ifndef OTPGATE_BASE_BUFFERED_LOG_SINK_H_
#define OTPGATE_BASE_BUFFERED_LOG_SINK_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "base/steady_cond_var.h"

namespace otpgate {

// Buffers lines for a few milliseconds and passes them to another sink in pieces of whole lines, so
// that a busy server makes one system call for many lines. Lines keep their order. When the process
// is killed, the buffered lines are lost: at most those of the last `delay`, and none before the
// last warning or error, because these flush the buffer.
//
// Bounded: a writer that fills the buffer flushes it itself. Thread-safe.
class BufferedLogSink final : public LogSink {
 public:
  // `to` outlives the sink. `delay`: how long a line is buffered at most.
  explicit BufferedLogSink(LogSink* to, absl::Duration delay = absl::Milliseconds(5));
  ~BufferedLogSink() override;

  void Write(absl::string_view line) override ABSL_LOCKS_EXCLUDED(flush_mu_, mu_);
  void Flush() override ABSL_LOCKS_EXCLUDED(flush_mu_, mu_);

 private:
  static constexpr size_t kBytesMax = 1 << 20;

  void Run() ABSL_LOCKS_EXCLUDED(flush_mu_, mu_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return closed_ || !lines_.empty(); }

  LogSink* const to_;
  const absl::Duration delay_;
  absl::Mutex flush_mu_;  // held during a flush, so that lines keep their order
  std::string out_ ABSL_GUARDED_BY(flush_mu_);
  absl::Mutex mu_ ABSL_ACQUIRED_AFTER(flush_mu_);
  SteadyCondVar closing_;
  std::string lines_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_BUFFERED_LOG_SINK_H_
