#ifndef OTPGATE_SERVER_ENGINE_RUNNER_H_
#define OTPGATE_SERVER_ENGINE_RUNNER_H_

#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/engine/batch.h"
#include "server/engine/pending.h"
#include "storage/storage.h"

namespace otpgate::engine {

// What happened to one batch, for metrics and alarms.
struct BatchReport {
  size_t commands = 0;
  bool refused_row = false;     // alarm: the schema refused what a rule wrote
  bool unreadable_row = false;  // alarm: a row holds a value that this server never writes
  size_t lost = 0;              // commands that lost the guard to another server
  size_t in_doubt = 0;          // commands whose COMMIT got no answer
  // How long the oldest command waited for the worker; infinite when this is not its first try.
  absl::Duration waited = absl::InfiniteDuration();
};
// Called on the runner's thread; must not block.
using OnBatch = std::function<void(const BatchReport&)>;

// Blocks the worker for the duration; returns early at shutdown.
using Pause = std::function<void(absl::Duration)>;

// Runs batches of commands: every command is answered when Run returns. Used by one thread.
template <class Rules>
class Runner {
 public:
  virtual ~Runner() = default;
  virtual void Run(PendingList<Rules> taken) = 0;
};

// Runs commands that write: load, decide, write, and once more for those that lost.
template <class Rules>
class WriteRunner final : public Runner<Rules> {
 public:
  using A = typename Rules::Aggregate;

  WriteRunner(const Rules& rules, std::unique_ptr<storage::Store<A>> store, const Clock& clock,
              Random& random, Pause pause, OnBatch on_batch)
      : rules_(rules),
        store_(std::move(store)),
        clock_(clock),
        random_(random),
        pause_(std::move(pause)),
        on_batch_(std::move(on_batch)) {}

  void Run(PendingList<Rules> taken) override {
    std::deque<PendingList<Rules>> todo;
    todo.push_back(RefuseParked(std::move(taken)));
    if (todo.front().empty()) return;
    absl::Duration waited = clock_.Steady() - todo.front().front().queued_at;
    while (!todo.empty()) {
      PendingList<Rules> commands = std::move(todo.front());
      todo.pop_front();
      if (commands.empty()) continue;
      BatchRemainder<Rules> remainder =
          RunOnce(std::move(commands), std::exchange(waited, absl::InfiniteDuration()));
      if (remainder.parked) parked_[*remainder.parked] = clock_.Steady() + kParkedFor;
      if (remainder.pause) pause_(kPause);
      todo.insert(todo.begin(), std::make_move_iterator(remainder.next.begin()),
                  std::make_move_iterator(remainder.next.end()));
    }
  }

 private:
  // Keeps one locked row from stalling a worker batch after batch, and frees the key soon after the
  // lock is gone.
  static constexpr absl::Duration kParkedFor = absl::Seconds(2);
  static constexpr absl::Duration kPause = absl::Milliseconds(200);

  BatchRemainder<Rules> RunOnce(PendingList<Rules> commands, absl::Duration waited) {
    BatchReport report{.commands = commands.size()};
    Batch<Rules> batch(rules_, std::move(commands), NewMark());
    BatchRemainder<Rules> remainder = RunSteps(batch);
    report.refused_row = remainder.refused_row;
    report.unreadable_row = remainder.unreadable_row;
    report.lost = remainder.lost;
    report.in_doubt = remainder.in_doubt;
    report.waited = waited;
    on_batch_(report);
    return remainder;
  }

  BatchRemainder<Rules> RunSteps(Batch<Rules>& batch) {
    absl::StatusOr<storage::Loaded<A>> loaded = store_->Load(batch.Asks());
    if (!loaded.ok()) return batch.SettleUnread(loaded.status());
    batch.Decide(*loaded);
    if (batch.changes().empty()) return batch.Settle(typename storage::Store<A>::Won{});
    return batch.Settle(store_->Write(batch.changes(), batch.valid_until()));
  }

  storage::Version NewMark() {
    storage::Version mark = 0;
    while ((mark & ~kOrdinalMask) == 0) mark = static_cast<storage::Version>(random_.Uint64() >> 1);
    return mark;
  }

  // Refuses commands on keys whose row was found locked a moment ago, so that other commands do not
  // wait for the lock.
  PendingList<Rules> RefuseParked(PendingList<Rules> taken) {
    if (parked_.empty()) return taken;
    absl::erase_if(parked_, [&](const auto& entry) { return clock_.Steady() >= entry.second; });
    PendingList<Rules> kept;
    for (Pending<Rules>& command : taken) {
      if (parked_.contains(Rules::KeyOf(command.command))) {
        command.Refuse(absl::AbortedError("the row is held by somebody else"));
      } else {
        kept.push_back(std::move(command));
      }
    }
    return kept;
  }

  const Rules& rules_;
  const std::unique_ptr<storage::Store<A>> store_;
  const Clock& clock_;
  Random& random_;
  const Pause pause_;
  const OnBatch on_batch_;
  absl::flat_hash_map<typename A::Key, absl::Duration> parked_;  // until when, as Clock::Steady()
};

// Runs commands that only read: one load answers them all. `on_batch` may be empty.
template <class Rules>
class ReadRunner final : public Runner<Rules> {
 public:
  using A = typename Rules::Aggregate;

  ReadRunner(std::unique_ptr<storage::Reader<A>> reader, const Clock& clock,
             OnBatch on_batch = nullptr)
      : reader_(std::move(reader)), clock_(clock), on_batch_(std::move(on_batch)) {}

  void Run(PendingList<Rules> taken) override {
    if (on_batch_) {
      on_batch_({.commands = taken.size(), .waited = clock_.Steady() - taken.front().queued_at});
    }
    Read(std::move(taken));
  }

 private:
  void Read(PendingList<Rules> taken) {
    absl::flat_hash_map<typename A::Key, size_t> rows;
    std::vector<typename A::Ask> asks;
    for (const Pending<Rules>& command : taken) {
      const auto& key = Rules::KeyOf(command.command);
      if (rows.try_emplace(key, asks.size()).second) asks.emplace_back().key = key;
    }
    absl::StatusOr<storage::Loaded<A>> loaded = reader_->Load(asks);
    const bool one_row_failed = absl::IsDataLoss(loaded.status());
    if (one_row_failed && asks.size() > 1) return ReadOneByOne(std::move(taken));
    for (Pending<Rules>& command : taken) {
      if (!loaded.ok()) {
        command.Refuse(one_row_failed ? absl::InternalError("a row cannot be read")
                                      : absl::UnavailableError("the database is not available"));
        continue;
      }
      const storage::Row<A>& row = loaded->rows[rows[Rules::KeyOf(command.command)]];
      command.answer(Rules::Answer(command.command, loaded->now, row.state));
    }
  }

  void ReadOneByOne(PendingList<Rules> taken) {
    for (Pending<Rules>& command : taken) {
      PendingList<Rules> one;
      one.push_back(std::move(command));
      Read(std::move(one));
    }
  }

  const std::unique_ptr<storage::Reader<A>> reader_;
  const Clock& clock_;
  const OnBatch on_batch_;
};

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_RUNNER_H_
