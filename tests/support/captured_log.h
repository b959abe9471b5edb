#ifndef OTPGATE_TESTS_SUPPORT_CAPTURED_LOG_H_
#define OTPGATE_TESTS_SUPPORT_CAPTURED_LOG_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "base/log.h"

namespace otpgate::support {

// Keeps every line. Thread-safe.
class CapturedLog final : public LogSink {
 public:
  void Write(absl::string_view line) override {
    absl::MutexLock lock(&mu_);
    lines_.emplace_back(line);
  }
  std::vector<std::string> Lines() const {
    absl::MutexLock lock(&mu_);
    return lines_;
  }
  // All lines in one text, to search for what must not be logged.
  std::string Text() const { return absl::StrJoin(Lines(), ""); }

 private:
  mutable absl::Mutex mu_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_CAPTURED_LOG_H_
