#include "base/write_fd.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace otpgate {
namespace {

using SteadyClock = std::chrono::steady_clock;

bool WaitForRoom(int fd, SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
  pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
  return poll(&room, 1, static_cast<int>(std::max<decltype(left)>(left, 0))) == 1 &&
         (room.revents & POLLOUT) != 0;
}

}  // namespace

bool WriteFd(int fd, absl::string_view text, absl::Duration timeout) {
  const auto deadline = SteadyClock::now() + absl::ToChronoMilliseconds(timeout);
  while (!text.empty()) {
    if (!WaitForRoom(fd, deadline)) return false;
    // On Linux a pipe that is writable takes PIPE_BUF bytes without blocking.
    const ssize_t written = write(fd, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace otpgate
