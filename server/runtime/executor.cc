#include "server/runtime/executor.h"

#include <utility>

namespace otpgate::runtime {

Executor::Executor(size_t threads, size_t full) : full_(full) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void Executor::Stop() {
  {
    absl::MutexLock lock(&mu_);
    closed_ = true;
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Executor::Post(Task task) {
  absl::MutexLock lock(&mu_);
  tasks_.push_back(std::move(task));
}

bool Executor::PostUnlessFull(Task& task) {
  absl::MutexLock lock(&mu_);
  if (closed_ || tasks_.size() >= full_) return false;
  tasks_.push_back(std::move(task));
  return true;
}

void Executor::Work() {
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mu_);
      mu_.Await(absl::Condition(this, &Executor::HasNews));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    std::move(task)();
  }
}

}  // namespace otpgate::runtime
