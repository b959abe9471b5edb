#ifndef OTPGATE_SERVER_RUNTIME_LOG_GATHERER_H_
#define OTPGATE_SERVER_RUNTIME_LOG_GATHERER_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/runtime/log.h"
#include "server/runtime/steady_cond_var.h"

namespace otpgate {

// Gathers the lines of a few milliseconds and hands them to another sink in pieces of whole lines,
// so that a busy server makes one system call where it has many lines to write. Lines keep their
// order. What was not handed over is lost when the process is killed: at most the lines of `delay`
// before, and none before the last warning or error, which are handed over at once.
//
// Thread-safe. Bounded: whoever finds too much waiting hands it over itself.
class LogGatherer final : public LogSink {
 public:
  // `to` outlives the gatherer.
  explicit LogGatherer(LogSink* to, absl::Duration delay = absl::Milliseconds(5));
  ~LogGatherer() override;

  void Write(absl::string_view line) override ABSL_LOCKS_EXCLUDED(handing_, mu_);
  void Flush() override ABSL_LOCKS_EXCLUDED(handing_, mu_);

 private:
  static constexpr size_t kBytesMax = 1 << 20;

  void Run() ABSL_LOCKS_EXCLUDED(handing_, mu_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return closed_ || !lines_.empty(); }

  LogSink* const to_;
  const absl::Duration delay_;
  absl::Mutex handing_;  // held by whoever hands over, so that lines keep their order
  std::string out_ ABSL_GUARDED_BY(handing_);
  absl::Mutex mu_ ABSL_ACQUIRED_AFTER(handing_);
  SteadyCondVar closing_;
  std::string lines_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RUNTIME_LOG_GATHERER_H_
