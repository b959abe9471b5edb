#ifndef OTPGATE_SERVER_ENGINE_ENGINE_H_
#define OTPGATE_SERVER_ENGINE_ENGINE_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "base/clock.h"
#include "server/engine/pending.h"
#include "server/engine/queue.h"
#include "server/engine/runner.h"

namespace otpgate::engine {

// Distributes commands over worker threads. All commands on a key go to the same worker, so that
// conflicts come only from other servers. Each command is answered exactly once, on the worker's
// thread, which the answer must not block. Thread-safe.
template <class Rules>
class Engine {
 public:
  // Makes the runner of one worker.
  using MakeRunner = std::function<std::unique_ptr<Runner<Rules>>(Pause pause)>;

  Engine(size_t workers, QueueLimits limits, const Clock& clock, const MakeRunner& make_runner)
      : clock_(clock) {
    for (size_t i = 0; i < workers; ++i) {
      auto worker = std::make_unique<Worker>(limits);
      worker->runner = make_runner(
          [queue = &worker->queue](absl::Duration duration) { queue->Pause(duration); });
      workers_.push_back(std::move(worker));
    }
    for (auto& worker : workers_) {
      worker->thread = std::thread([this, w = worker.get()] { Work(*w); });
    }
  }

  // As Stop.
  ~Engine() { Stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Queues a command. Answers RESOURCE_EXHAUSTED at once, on the calling thread, when the queue
  // does not take it (see CommandQueue::Push).
  void Submit(Pending<Rules> command) {
    const size_t hash = absl::HashOf(Rules::KeyOf(command.command));
    Worker& worker = *workers_[hash % workers_.size()];
    command.queued_at = clock_.Steady();
    if (!worker.queue.Push(command)) {
      command.Refuse(absl::ResourceExhaustedError("the queue is full"));
    }
  }

  // Closes the queues, runs the commands that wait and joins the workers. Idempotent; not
  // thread-safe against itself.
  void Stop() {
    for (auto& worker : workers_) worker->queue.Close();
    for (auto& worker : workers_) {
      if (worker->thread.joinable()) worker->thread.join();
    }
  }

  // How many commands wait in all queues.
  size_t waiting() const {
    size_t sum = 0;
    for (const auto& worker : workers_) sum += worker->queue.size();
    return sum;
  }

  // How long the oldest queued command has waited; zero when none waits.
  absl::Duration oldest() const {
    const absl::Duration now = clock_.Steady();
    absl::Duration age;
    for (const auto& worker : workers_) age = std::max(age, now - worker->queue.oldest(now));
    return age;
  }

 private:
  struct Worker {
    explicit Worker(QueueLimits limits) : queue(limits) {}
    CommandQueue<Rules> queue;
    std::unique_ptr<Runner<Rules>> runner;
    std::thread thread;
  };

  void Work(Worker& worker) {
    while (true) {
      PendingList<Rules> taken = worker.queue.Take();
      if (taken.empty()) return;
      PendingList<Rules> pending = RefuseExpired(std::move(taken));
      if (!pending.empty()) worker.runner->Run(std::move(pending));
    }
  }

  // Refuses commands that were cancelled or are past their deadline; they were never evaluated.
  PendingList<Rules> RefuseExpired(PendingList<Rules> taken) {
    const absl::Duration now = clock_.Steady();
    PendingList<Rules> pending;
    pending.reserve(taken.size());
    for (Pending<Rules>& command : taken) {
      if (absl::Status expired = command.cancellation.Check(now); !expired.ok()) {
        command.Refuse(std::move(expired));
      } else {
        pending.push_back(std::move(command));
      }
    }
    return pending;
  }

  const Clock& clock_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_ENGINE_H_
