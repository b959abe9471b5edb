#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_MAILBOX_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_MAILBOX_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace otpgate::gateway {

// The way to a network thread for those who may outlive it. Thread-safe.
class Mailbox {
 public:
  explicit Mailbox(boost::asio::io_context* io) : io_(io) {}

  // Runs `function` on the thread, or drops it if the thread has ended.
  template <class Function>
  void Post(Function function) ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    if (io_ != nullptr) boost::asio::post(*io_, std::move(function));
  }

  // Before the thread's io_context is destroyed.
  void Close() ABSL_LOCKS_EXCLUDED(mu_) {
    const absl::MutexLock lock(&mu_);
    io_ = nullptr;
  }

 private:
  absl::Mutex mu_;
  boost::asio::io_context* io_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_MAILBOX_H_
