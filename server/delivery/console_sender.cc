#include "server/delivery/console_sender.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace otpgate::delivery {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The addressee is escaped, because a stranger chose it and it must not control the terminal.
std::string Show(const Letter& letter) {
  const absl::string_view subject = letter.text.subject;
  return absl::StrCat("--- ", NameOf(letter.channel), " to ", absl::CHexEscape(letter.to), " (",
                      NameOf(letter.purpose), ")\n", subject, subject.empty() ? "" : "\n",
                      letter.text.body, "\n");
}

// A pipe that is writable takes PIPE_BUF bytes without blocking.
bool WaitForRoom(int fd, SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
  pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
  return poll(&room, 1, static_cast<int>(std::max<decltype(left)>(left, 0))) == 1 &&
         (room.revents & POLLOUT) != 0;
}

// False: a write failed, or it took longer than `timeout`.
bool WriteAll(int fd, absl::string_view text, absl::Duration timeout) {
  const auto deadline = SteadyClock::now() + absl::ToChronoMilliseconds(timeout);
  while (!text.empty()) {
    if (!WaitForRoom(fd, deadline)) return false;
    const ssize_t written = write(fd, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

std::vector<SendResult> ConsoleSender::Send(absl::Span<const Letter> letters) {
  std::string text;
  for (const Letter& letter : letters) text += Show(letter);
  const SendResult result = WriteAll(fd_, text, SendTimeout())
                                ? SendResult{}
                                : SendResult{.outcome = SendResult::Outcome::kRetry,
                                             .detail = "console_unwritable",
                                             .retry_after = absl::ZeroDuration()};
  return std::vector<SendResult>(letters.size(), result);
}

}  // namespace otpgate::delivery
