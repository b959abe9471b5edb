#ifndef OTPGATE_SERVER_ENGINE_RUNNER_H_
#define OTPGATE_SERVER_ENGINE_RUNNER_H_

#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/engine/batch.h"
#include "server/engine/pending.h"
#include "server/runtime/clock.h"
#include "server/runtime/random.h"
#include "storage/storage.h"

namespace otpgate {

// What happened inside a runner, for metrics and alarms. Called on the runner's thread.
struct BatchReport {
  size_t commands = 0;
  bool refused_row = false;     // alarm: the schema refused what a rule wrote
  bool unreadable_row = false;  // alarm: a row holds what nobody here can have written
  size_t lost = 0;              // commands whose guard somebody else won
  size_t in_doubt = 0;          // commands whose COMMIT got no answer
  // How long the oldest had waited for its worker; infinite: not the first try.
  absl::Duration waited = absl::InfiniteDuration();
};
using OnBatch = std::function<void(const BatchReport&)>;

// Blocks a worker for a moment while the store is away; returns early at shutdown.
using Pause = std::function<void(absl::Duration)>;

// Takes a list of commands to its end: every one is answered when Run returns. One thread.
template <class Rules>
class Runner {
 public:
  virtual ~Runner() = default;
  virtual void Run(PendingList<Rules> taken) = 0;
};

// Runs commands that write: load, decide, write, and round again for whoever lost.
template <class Rules>
class WriteRunner final : public Runner<Rules> {
 public:
  using A = typename Rules::Aggregate;

  WriteRunner(const Rules& rules, std::unique_ptr<Store<A>> store, const Clock& clock,
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
      Rest<Rules> rest =
          RunOnce(std::move(commands), std::exchange(waited, absl::InfiniteDuration()));
      if (rest.parked) parked_[*rest.parked] = clock_.Steady() + kParkedFor;
      if (rest.pause) pause_(kPause);
      todo.insert(todo.begin(), std::make_move_iterator(rest.next.begin()),
                  std::make_move_iterator(rest.next.end()));
    }
  }

 private:
  // Long enough for a stuck lock holder to be noticed, short enough for its owner.
  static constexpr absl::Duration kParkedFor = absl::Seconds(2);
  static constexpr absl::Duration kPause = absl::Milliseconds(200);

  Rest<Rules> RunOnce(PendingList<Rules> commands, absl::Duration waited) {
    BatchReport report{.commands = commands.size()};
    Batch<Rules> batch(rules_, std::move(commands), DrawMark());
    Rest<Rules> rest = RunSteps(batch);
    report.refused_row = rest.refused_row;
    report.unreadable_row = rest.unreadable_row;
    report.lost = rest.lost;
    report.in_doubt = rest.in_doubt;
    report.waited = waited;
    on_batch_(report);
    return rest;
  }

  Rest<Rules> RunSteps(Batch<Rules>& batch) {
    absl::StatusOr<Loaded<A>> loaded = store_->Load(batch.Asks());
    if (!loaded.ok()) return batch.SettleUnread(loaded.status());
    batch.Decide(*loaded);
    if (batch.changes().empty()) return batch.Settle(typename Store<A>::Won{});
    return batch.Settle(store_->Write(batch.changes(), batch.valid_until()));
  }

  Version DrawMark() {
    Version mark = 0;
    while ((mark & ~kOrdinalMask) == 0) mark = static_cast<Version>(random_.Uint64() >> 1);
    return mark;
  }

  // Commands on a key that somebody holds locked are refused, so that the others do not wait.
  PendingList<Rules> RefuseParked(PendingList<Rules> taken) {
    if (parked_.empty()) return taken;
    absl::erase_if(parked_, [&](const auto& entry) { return clock_.Steady() >= entry.second; });
    PendingList<Rules> rest;
    for (Pending<Rules>& command : taken) {
      if (parked_.contains(Rules::KeyOf(command.command))) {
        command.Refuse(absl::AbortedError("the row is held by somebody else"));
      } else {
        rest.push_back(std::move(command));
      }
    }
    return rest;
  }

  const Rules& rules_;
  const std::unique_ptr<Store<A>> store_;
  const Clock& clock_;
  Random& random_;
  const Pause pause_;
  const OnBatch on_batch_;
  absl::flat_hash_map<typename A::Key, absl::Duration> parked_;  // until, by Clock::Steady()
};

// Runs commands that only read: one load answers all. `on_batch` may be empty.
template <class Rules>
class ReadRunner final : public Runner<Rules> {
 public:
  using A = typename Rules::Aggregate;

  ReadRunner(std::unique_ptr<Reader<A>> reader, const Clock& clock, OnBatch on_batch = nullptr)
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
    absl::StatusOr<Loaded<A>> loaded = reader_->Load(asks);
    const bool a_row_is_to_blame = absl::IsDataLoss(loaded.status());
    if (a_row_is_to_blame && asks.size() > 1) return ReadOneByOne(std::move(taken));
    for (Pending<Rules>& command : taken) {
      if (!loaded.ok()) {
        command.Refuse(a_row_is_to_blame ? absl::InternalError("a row cannot be read")
                                         : absl::UnavailableError("the database is not available"));
        continue;
      }
      const Row<A>& row = loaded->rows[rows[Rules::KeyOf(command.command)]];
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

  const std::unique_ptr<Reader<A>> reader_;
  const Clock& clock_;
  const OnBatch on_batch_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_RUNNER_H_
