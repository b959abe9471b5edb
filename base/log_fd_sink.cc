#include "base/log_fd_sink.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/write_fd.h"

namespace otpgate {

void LogFdSink::Write(absl::string_view lines) {
  absl::MutexLock lock(&mu_);
  if (dropped_ > 0) {
    const std::string gap = absl::StrCat(
        "{\"level\":\"error\",\"event\":\"LOG_LINES_DROPPED\",\"count\":", dropped_, "}\n");
    if (WriteFd(fd_, gap, absl::ZeroDuration())) dropped_ = 0;
  }
  if (dropped_ > 0 || !WriteFd(fd_, lines, max_wait_)) {
    dropped_ += std::count(lines.begin(), lines.end(), '\n');
  }
}

}  // namespace otpgate
