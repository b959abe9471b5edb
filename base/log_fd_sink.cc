#include "base/log_fd_sink.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"

namespace otpgate {

void LogFdSink::Write(absl::string_view lines) {
  absl::MutexLock lock(&mu_);
  if (dropped_ > 0) {
    const std::string gap = absl::StrCat(
        "{\"level\":\"error\",\"event\":\"LOG_LINES_DROPPED\",\"count\":", dropped_, "}\n");
    if (WriteAll(gap)) dropped_ = 0;
  }
  if (dropped_ > 0 || !WriteAll(lines)) dropped_ += std::count(lines.begin(), lines.end(), '\n');
}

// On Linux poll reports a pipe as writable when PIPE_BUF bytes fit. No write is longer, so the
// write after this does not block.
bool LogFdSink::WaitForRoom() {
  const absl::Duration wait = dropped_ > 0 ? absl::ZeroDuration() : max_wait_;
  pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
  return poll(&room, 1, static_cast<int>(absl::ToInt64Milliseconds(wait))) == 1 &&
         (room.revents & POLLOUT) != 0;
}

bool LogFdSink::WriteAll(absl::string_view text) {
  while (!text.empty()) {
    if (!WaitForRoom()) return false;
    const ssize_t written = write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace otpgate
