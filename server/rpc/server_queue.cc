#include "server/rpc/server_queue.h"

#include <grpc/support/time.h>

#include "base/blocking.h"

namespace otpgate::rpc {

void ServerQueue::Serve() {
  NoBlockingScope no_blocking;
  served_here_ = this;
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) static_cast<Completion*>(tag)->Run(ok);
  served_here_ = nullptr;
}

void ServerQueue::Post(Completion* work) {
  if (served_here_ == this) return work->Run(true);
  bool first = false;
  {
    absl::MutexLock lock(&mu_);
    first = waiting_.empty();
    waiting_.push_back(work);
  }
  if (!first) return;
  alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_REALTIME), static_cast<Completion*>(this));
}

// The alarm has expired, so from here on it may be set again.
void ServerQueue::Run(bool) {
  {
    absl::MutexLock lock(&mu_);
    running_.swap(waiting_);
  }
  for (Completion* work : running_) work->Run(true);
  running_.clear();
}

}  // namespace otpgate::rpc
