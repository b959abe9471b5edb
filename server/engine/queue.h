#ifndef OTPGATE_SERVER_ENGINE_QUEUE_H_
#define OTPGATE_SERVER_ENGINE_QUEUE_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/steady_cond_var.h"
#include "server/engine/engine_options.h"
#include "server/engine/pending.h"

namespace otpgate::engine {

// The queue of one worker. There is no timer: a batch is what waits when the worker becomes free.
// Thread-safe.
template <class Rules>
class CommandQueue {
 public:
  using Key = typename Rules::Aggregate::Key;

  explicit CommandQueue(QueueLimits limits) : limits_(limits) {}

  // Moves `command` into the queue. False, and `command` is untouched, if the queue or the share of
  // its key is full, if the worker has fallen behind (see QueueLimits::wait), or after Close.
  bool Push(Pending<Rules>& command) ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    if (closed_ || waiting_.size() >= limits_.capacity) return false;
    if (FallenBehind(command.queued_at)) return false;
    size_t& same_key = per_key_[Rules::KeyOf(command.command)];
    if (same_key >= limits_.per_key) return false;
    ++same_key;
    waiting_.push_back(std::move(command));
    return true;
  }

  // Takes up to QueueLimits::batch commands, the oldest first. Blocks until there is one. Returns
  // none once the queue is closed and empty.
  PendingList<Rules> Take() ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(
        +[](CommandQueue* queue) ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue->mu_) {
          return queue->closed_ || !queue->waiting_.empty();
        },
        this));
    PendingList<Rules> taken;
    while (!waiting_.empty() && taken.size() < limits_.batch) {
      taken.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      auto share = per_key_.find(Rules::KeyOf(taken.back().command));
      if (--share->second == 0) per_key_.erase(share);
    }
    return taken;
  }

  // Refuses new commands; those in the queue can still be taken.
  void Close() ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    closed_ = true;
    closing_.Signal();
  }

  // Blocks for `duration`, or until the queue is closed.
  void Pause(absl::Duration duration) ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    closing_.Await(&mu_, closed_, duration);
  }

  size_t size() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return waiting_.size();
  }

  // When the oldest queued command came, as Clock::Steady(); `none` when the queue is empty.
  absl::Duration oldest(absl::Duration none) const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return waiting_.empty() ? none : waiting_.front().queued_at;
  }

 private:
  // A command that fits into the next batch waits only for the current one, so it is let in however
  // long that takes: a locked row does not shut out commands on other keys. Neither do a few keys
  // with full shares: they are not overload.
  bool FallenBehind(absl::Duration now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return waiting_.size() >= limits_.batch && per_key_.size() > limits_.batch / 4 &&
           now - waiting_.front().queued_at > limits_.wait;
  }

  const QueueLimits limits_;
  mutable absl::Mutex mu_;
  SteadyCondVar closing_;
  std::deque<Pending<Rules>> waiting_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<Key, size_t> per_key_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_QUEUE_H_
