#include "base/answer_watch.h"

#include <sys/socket.h>

namespace otpgate {

AnswerWatch::Line::Line(AnswerWatch* watch, int socket) : watch_(watch), socket_(socket) {
  if (watch_ == nullptr || socket_ < 0) return;
  absl::MutexLock lock(&watch_->mu_);
  watch_->lines_.insert(this);
}

AnswerWatch::Line::~Line() {
  if (watch_ == nullptr) return;
  // Once this returns, the watch does not shut down the descriptor, which may then be reused.
  absl::MutexLock lock(&watch_->mu_);
  watch_->lines_.erase(this);
}

AnswerWatch::Waiting::Waiting(Line& line) : line_(line) {
  if (line_.watch_ == nullptr) return;
  line_.waits_since_.store(absl::ToInt64Nanoseconds(line_.watch_->clock_.Steady()),
                           std::memory_order_relaxed);
}

AnswerWatch::AnswerWatch(absl::Duration timeout, const Clock& clock)
    : timeout_(timeout), clock_(clock), thread_([this] { Run(); }) {}

AnswerWatch::~AnswerWatch() {
  {
    absl::MutexLock lock(&mu_);
    closed_ = true;
    changed_.Signal();
  }
  thread_.join();
}

void AnswerWatch::Run() {
  absl::MutexLock lock(&mu_);
  while (!changed_.Await(&mu_, closed_, timeout_ / 4)) ShutDownOverdue();
}

void AnswerWatch::ShutDownOverdue() {
  const int64_t latest = absl::ToInt64Nanoseconds(clock_.Steady() - timeout_);
  for (Line* line : lines_) {
    const int64_t since = line->waits_since_.load(std::memory_order_relaxed);
    if (since != Line::kIdle && since <= latest) shutdown(line->socket_, SHUT_RDWR);
  }
}

}  // namespace otpgate
