#ifndef OTPGATE_SERVER_DELIVERY_DISPATCHER_H_
#define OTPGATE_SERVER_DELIVERY_DISPATCHER_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/steady_cond_var.h"
#include "server/delivery/courier.h"
#include "server/delivery/pace.h"
#include "storage/outbox.h"

namespace otpgate::delivery {

// The thread around a courier. A batch is what was enqueued during the batch before and a short
// pause after it: an idle dispatcher adds no delay, a busy one forms larger batches. While the
// outbox is unavailable it backs off, and it recovers by itself. Events: OUTBOX_UNAVAILABLE,
// OUTBOX_AVAILABLE.
//
// Thread-safe.
class Dispatcher {
 public:
  struct Options {
    size_t batch_max = 256;
    // Enqueued and not yet taken. Beyond it messages leave when their initial lease has ended.
    size_t waiting_max = 16'384;
    // How long Stop goes on with what was enqueued.
    absl::Duration shutdown_grace = absl::Seconds(3);
    Pace::Options pace;
  };

  // All outlive the dispatcher.
  struct Parts {
    Courier* courier = nullptr;  // used by this dispatcher's thread alone
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
  };

  Dispatcher(Parts parts, Options options);
  ~Dispatcher() { Stop(); }
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Call once.
  void Start();

  // Sends a message that this server has committed, as soon as its turn comes. Call it once per
  // message; without it a message leaves when its initial lease has ended. Does not wait for the
  // outbox or a sender.
  void Enqueue(storage::MessageKey key) ABSL_LOCKS_EXCLUDED(mu_);

  // Sends what was enqueued, tells the outbox the results and ends the thread. Gives up after
  // `shutdown_grace`, or when the outbox does not answer: then leases end, and other servers take
  // over. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  // As of the last finished step.
  Counts counts() const ABSL_LOCKS_EXCLUDED(mu_);
  // Enqueued and not yet taken.
  size_t waiting() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  // Blocks until there is something to do. False: the thread ends.
  bool WaitForWork() ABSL_LOCKS_EXCLUDED(mu_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool MayEnd() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool HasMessages() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Duration UntilNext() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TakeWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status Step();
  void Note(const absl::Status& status);
  void PublishCounts() ABSL_LOCKS_EXCLUDED(mu_);

  const Parts parts_;
  const Options options_;
  std::thread thread_;

  // Used by the thread alone.
  Pace pace_;
  std::vector<storage::MessageKey> batch_;  // the current batch; kept while the outbox is away

  mutable absl::Mutex mu_;
  SteadyCondVar changed_;
  std::deque<storage::MessageKey> waiting_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  absl::Duration stop_at_ ABSL_GUARDED_BY(mu_);
  int64_t not_kept_ ABSL_GUARDED_BY(mu_) = 0;
  Counts counts_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_DISPATCHER_H_
