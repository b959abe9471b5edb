#include "base/answer_watch.h"

#include <sys/socket.h>

namespace otpgate {

AnswerWatch::Socket::Socket(AnswerWatch* watch, int descriptor)
    : watch_(watch), descriptor_(descriptor) {
  if (watch_ == nullptr || descriptor_ < 0) return;
  absl::MutexLock lock(&watch_->mu_);
  watch_->sockets_.insert(this);
}

AnswerWatch::Socket::~Socket() {
  if (watch_ == nullptr) return;
  // Once this returns, the watch does not shut down the descriptor, which may then be reused.
  absl::MutexLock lock(&watch_->mu_);
  watch_->sockets_.erase(this);
}

AnswerWatch::Waiting::Waiting(Socket& socket) : socket_(socket) {
  if (socket_.watch_ == nullptr) return;
  socket_.waits_since_.store(absl::ToInt64Nanoseconds(socket_.watch_->clock_.Steady()),
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
  for (Socket* socket : sockets_) {
    const int64_t since = socket->waits_since_.load(std::memory_order_relaxed);
    if (since != Socket::kIdle && since <= latest) shutdown(socket->descriptor_, SHUT_RDWR);
  }
}

}  // namespace otpgate
