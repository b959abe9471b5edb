#include "server/runtime/repeater.h"

#include <utility>

namespace otpgate::runtime {

Repeater::Repeater(absl::Duration interval, std::function<void()> task)
    : interval_(interval), task_(std::move(task)), thread_([this] { Run(); }) {}

void Repeater::Stop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void Repeater::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mu_);
      if (changed_.Await(&mu_, stopping_, interval_)) return;
    }
    task_();
  }
}

}  // namespace otpgate::runtime
