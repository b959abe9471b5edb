#ifndef OTPGATE_SERVER_RPC_OPEN_CALLS_H_
#define OTPGATE_SERVER_RPC_OPEN_CALLS_H_

#include <atomic>
#include <cstdint>

#include "absl/synchronization/notification.h"

namespace otpgate::rpc {

// Counts the calls of a server, posted ones included, so that its completion queues outlive them:
// grpc::Server::Shutdown returns once calls are cancelled, but their handlers may answer later, and
// an operation on a queue that was shut down ends the process. Thread-safe.
class OpenCalls {
 public:
  // One call, for as long as it lives. A call posts its successor before it goes, so the count is
  // zero only when the server has been shut down and the last handler has answered.
  class Member {
   public:
    explicit Member(OpenCalls& all) : all_(all) { all.count_.fetch_add(1); }
    ~Member() {
      if (all_.count_.fetch_sub(1) == 1) all_.none_.Notify();
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

   private:
    OpenCalls& all_;
  };

  // Counts the calls that were admitted since the start; health checks are not among them.
  void NoteAdmitted() { admitted_.fetch_add(1, std::memory_order_relaxed); }
  int64_t admitted() const { return admitted_.load(std::memory_order_relaxed); }

  // At least one call must have been posted.
  void WaitForNone() const { none_.WaitForNotification(); }

 private:
  std::atomic<int> count_{0};
  std::atomic<int64_t> admitted_{0};
  absl::Notification none_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_OPEN_CALLS_H_
