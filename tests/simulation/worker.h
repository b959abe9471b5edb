#ifndef OTPGATE_TESTS_SIMULATION_WORKER_H_
#define OTPGATE_TESTS_SIMULATION_WORKER_H_

#include <deque>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/engine/batch.h"
#include "server/engine/queue.h"
#include "storage/storage.h"
#include "tests/simulation/bug.h"

namespace otpgate::simulation {

// The loop of engine::WriteRunner cut into steps, so that anything may happen between two of them.
// It uses the real queue and the real batch. One thread.
template <class Rules>
class Worker {
 public:
  using A = typename Rules::Aggregate;
  using Won = typename storage::Store<A>::Won;

  Worker(const Rules& rules, storage::Store<A>& store, engine::QueueLimits limits,
         const Clock& clock, Random& random, Bug bug)
      : rules_(rules), store_(store), queue_(limits), clock_(clock), random_(random), bug_(bug) {}

  void Submit(engine::Pending<Rules> command) {
    if (!queue_.Push(command)) {
      command.Refuse(absl::ResourceExhaustedError("the queue is full"));
    }
  }

  bool busy() const { return batch_ || !todo_.empty() || queue_.size() > 0; }

  // Runs the next step and says what it was. Requires busy().
  const char* Step() {
    if (!batch_) return Begin();
    switch (stage_) {
      case Stage::kLoad:
        return Load();
      case Stage::kDecide:
        return Decide();
      case Stage::kWrite:
        return Write();
      case Stage::kSettle:
        return Settle();
    }
    return "lost";
  }

 private:
  enum class Stage { kLoad, kDecide, kWrite, kSettle };
  static constexpr absl::Duration kParkedFor = absl::Seconds(2);
  static constexpr absl::Duration kPause = absl::Milliseconds(20);

  const char* Begin() {
    if (clock_.Steady() < paused_until_) return "pause";
    if (todo_.empty()) todo_.push_back(RefuseExpiredAndParked(queue_.Take()));
    engine::PendingList<Rules> commands = std::move(todo_.front());
    todo_.pop_front();
    if (commands.empty()) return "take nothing";
    batch_.emplace(rules_, std::move(commands), NewMark());
    stage_ = Stage::kLoad;
    return "take";
  }

  const char* Load() {
    absl::StatusOr<storage::Loaded<A>> loaded = store_.Load(batch_->Asks());
    if (!loaded.ok()) {
      End(batch_->SettleUnread(loaded.status()));
      return "load failed";
    }
    loaded_ = *std::move(loaded);
    stage_ = Stage::kDecide;
    return "load";
  }

  const char* Decide() {
    batch_->Decide(loaded_);
    if (batch_->changes().empty()) {
      End(batch_->Settle(Won{}));
      return "decide, nothing new";
    }
    stage_ = Stage::kWrite;
    if (bug_ == Bug::kAnswerBeforeCommit) {
      early_ = batch_->Settle(Won(batch_->changes().size(), true));
    }
    return "decide";
  }

  const char* Write() {
    written_ = store_.Write(batch_->changes(), batch_->valid_until());
    stage_ = Stage::kSettle;
    return written_.ok() ? "write" : "write failed";
  }

  const char* Settle() {
    if (bug_ == Bug::kAnswerBeforeCommit) {
      End(std::move(early_));
      return "settle";
    }
    const bool uncertain = absl::IsUnknown(written_.status());
    if (bug_ == Bug::kUncertainWriteAnsweredAsFailure && uncertain)
      written_ = absl::UnavailableError("lost");
    const bool pretend = (bug_ == Bug::kUncertainWriteAnsweredAsSuccess && uncertain) ||
                         (bug_ == Bug::kLoserAnsweredAsWinner && written_.ok());
    if (pretend) written_ = Won(batch_->changes().size(), true);
    End(batch_->Settle(written_));
    return "settle";
  }

  void End(engine::BatchRemainder<Rules> remainder) {
    batch_.reset();
    if (remainder.parked) parked_[*remainder.parked] = clock_.Steady() + kParkedFor;
    if (remainder.pause) paused_until_ = clock_.Steady() + kPause;
    todo_.insert(todo_.begin(), std::make_move_iterator(remainder.next.begin()),
                 std::make_move_iterator(remainder.next.end()));
  }

  // Returns the commands of `taken` that are neither expired nor on a parked row.
  engine::PendingList<Rules> RefuseExpiredAndParked(engine::PendingList<Rules> taken) {
    absl::erase_if(parked_, [&](const auto& entry) { return clock_.Steady() >= entry.second; });
    engine::PendingList<Rules> wanted;
    for (engine::Pending<Rules>& command : taken) {
      if (clock_.Steady() >= command.cancellation.deadline) {
        command.Refuse(absl::DeadlineExceededError("waited too long"));
      } else if (parked_.contains(Rules::KeyOf(command.command))) {
        command.Refuse(absl::AbortedError("the row is held by somebody else"));
      } else {
        wanted.push_back(std::move(command));
      }
    }
    return wanted;
  }

  storage::Version NewMark() {
    storage::Version mark = 0;
    while ((mark & ~engine::kOrdinalMask) == 0)
      mark = static_cast<storage::Version>(random_.Uint64() >> 1);
    return mark;
  }

  const Rules& rules_;
  storage::Store<A>& store_;
  engine::CommandQueue<Rules> queue_;
  const Clock& clock_;
  Random& random_;
  const Bug bug_;

  std::deque<engine::PendingList<Rules>> todo_;
  std::optional<engine::Batch<Rules>> batch_;
  Stage stage_ = Stage::kLoad;
  storage::Loaded<A> loaded_;
  absl::StatusOr<Won> written_ = Won{};
  engine::BatchRemainder<Rules> early_;
  absl::flat_hash_map<typename A::Key, absl::Duration> parked_;
  absl::Duration paused_until_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_WORKER_H_
