#ifndef OTPGATE_SERVER_ENGINE_QUEUE_H_
#define OTPGATE_SERVER_ENGINE_QUEUE_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/engine/pending.h"
#include "server/runtime/steady_cond_var.h"

namespace otpgate {

struct QueueLimits {
  size_t capacity = 4096;  // commands that wait for one worker
  size_t per_key = 64;     // of them on one key, so that one subject cannot fill the queue
  size_t batch = 256;      // commands taken at once; at most kOrdinalMask
  // Longer than this the oldest does not wait while more come in than the next batch takes, unless
  // they are on a few keys alone: those take turns, however fast the worker is.
  absl::Duration wait = absl::Seconds(1);
};

// Commands that wait for one worker. No timer: a batch is whatever waits when the worker becomes
// free. Thread-safe.
template <class Rules>
class CommandQueue {
 public:
  using Key = typename Rules::Aggregate::Key;

  explicit CommandQueue(QueueLimits limits) : limits_(limits) {}

  // False, and nothing was taken, when the queue or the key's share is full, when the worker has
  // fallen behind by the time the command says it was queued at, or after Close.
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

  // Blocks until something waits; the oldest first. Empty after Close once nothing waits.
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

  // Lets nothing more in; what waits is still taken.
  void Close() ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    closed_ = true;
    closing_.Signal();
  }

  // Waits `duration`, or less when the queue is closed meanwhile.
  void Pause(absl::Duration duration) ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    closing_.Await(&mu_, closed_, duration);
  }

  size_t size() const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return waiting_.size();
  }

  // When the oldest that waits was queued; `none` if none waits.
  absl::Duration oldest(absl::Duration none) const ABSL_LOCKS_EXCLUDED(mu_) {
    absl::MutexLock lock(&mu_);
    return waiting_.empty() ? none : waiting_.front().queued_at;
  }

 private:
  // What fits into the next batch waits for the one under way and no longer, so it is let in
  // however long that takes: a row held locked shuts nobody else out. Nor do a few keys with their
  // shares full: they are not the load.
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

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_QUEUE_H_
