#ifndef OTPGATE_SERVER_ENGINE_BATCH_H_
#define OTPGATE_SERVER_ENGINE_BATCH_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/check.h"
#include "server/engine/batch_remainder.h"
#include "server/engine/pending.h"
#include "server/engine/uncertain_write.h"
#include "storage/storage.h"

namespace otpgate::engine {

inline constexpr int kRoundsMax = 5;
// A decision that expired before COMMIT is refused in the next round, so repeats end by themselves.
// The limit only guards against a clock that runs away.
inline constexpr int kRepeatsMax = 20;
// The low bits of a version are the position of the change in its write.
inline constexpr storage::Version kOrdinalMask = 0x1ff;

// One pass of load, decide and write, as a state machine without threads or I/O. A worker or a
// simulator does the I/O between the steps:
//
//   Load(batch.Asks()) -> batch.Decide(loaded) -> Write(batch.changes(), batch.valid_until())
//   -> batch.Settle(won)
//
// Commands of one key are folded in queue order into one read and one write. Not thread-safe.
template <class Rules>
class Batch {
 public:
  using A = typename Rules::Aggregate;
  using Won = typename storage::Store<A>::Won;

  // `mark` holds fresh random bits for the versions of this attempt; its low bits are ignored.
  Batch(const Rules& rules, PendingList<Rules> taken, storage::Version mark)
      : rules_(rules), mark_(mark & ~kOrdinalMask), commands_(std::move(taken)) {
    OTPGATE_CHECK(mark_ != 0 && commands_.size() <= static_cast<size_t>(kOrdinalMask));
    absl::flat_hash_map<typename A::Key, size_t> groups;
    for (size_t i = 0; i < commands_.size(); ++i) {
      const auto& key = Rules::KeyOf(commands_[i].command);
      const auto [it, fresh] = groups.try_emplace(key, groups_.size());
      if (fresh) groups_.push_back({.key = key, .members = {}, .waiting = {}, .change = kNone});
      groups_[it->second].members.push_back(i);
    }
  }

  // What to load: one ask per key.
  std::vector<typename A::Ask> Asks() const {
    std::vector<typename A::Ask> asks;
    for (const Group& group : groups_) {
      asks.emplace_back().key = group.key;
      for (size_t i : group.members) Rules::AddToAsk(commands_[i].command, asks.back());
    }
    return asks;
  }

  // Resolves uncertain writes, then decides every command on the state that the command before it
  // left. Answers commands that need no write, neither their own nor that of a command before them.
  void Decide(const storage::Loaded<A>& loaded) {
    OTPGATE_CHECK(loaded.rows.size() == groups_.size());
    for (size_t g = 0; g < groups_.size(); ++g) Fold(groups_[g], loaded.rows[g], loaded.now);
  }

  absl::Span<const storage::Change<A>> changes() const { return changes_; }
  absl::Time valid_until() const { return valid_until_; }

  // Takes the result of the write and answers the commands that won. If there was nothing to write,
  // `won` is an empty list.
  BatchRemainder<Rules> Settle(const absl::StatusOr<Won>& won) {
    if (won.ok()) return SettleWritten(*won);
    switch (won.status().code()) {
      case absl::StatusCode::kFailedPrecondition:
        return Again(&Pending<Rules>::repeats, kRepeatsMax);
      case absl::StatusCode::kAborted:
        return changes_.size() > 1 ? Halve() : Again(&Pending<Rules>::rounds, kRoundsMax);
      case absl::StatusCode::kInvalidArgument:
        return SettleRefusedRow();
      case absl::StatusCode::kDeadlineExceeded:
        return changes_.size() > 1 ? Halve() : Park();
      case absl::StatusCode::kUnknown:
        return KeepUncertain();
      default:
        return RefuseAll(absl::UnavailableError("the database is not available"));
    }
  }

  // Takes the error of a failed load; nothing was decided. If one row caused it, only the commands
  // on that row fail. While the store is unavailable, commands with uncertain writes are tried
  // again after a pause.
  BatchRemainder<Rules> SettleUnread(const absl::Status& why) {
    BatchRemainder<Rules> remainder;
    const bool unstable_row = absl::IsAborted(why);
    remainder.unreadable_row = absl::IsDataLoss(why);
    if (unstable_row || remainder.unreadable_row) {
      return SettleRowUnread(std::move(remainder), unstable_row);
    }
    PendingList<Rules> uncertain;
    for (Pending<Rules>& command : commands_) {
      if (!command.uncertain_writes.empty() && ++command.rounds <= kRoundsMax) {
        uncertain.push_back(std::move(command));
      } else {
        command.Refuse(absl::UnavailableError("the database is not available"));
      }
    }
    if (!uncertain.empty()) remainder.next.push_back(std::move(uncertain));
    remainder.pause = !remainder.next.empty();
    return remainder;
  }

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  struct Waiting {
    size_t command;
    typename Rules::Reply reply;
  };
  struct Group {
    typename A::Key key;
    std::vector<size_t> members;   // in queue order
    std::vector<Waiting> waiting;  // answered when the outcome of the write is known
    size_t change = kNone;
  };

  void Fold(Group& group, const storage::Row<A>& row, absl::Time loaded_now) {
    const absl::Time now = std::max(loaded_now, Rules::NewestTime(row.state));
    // The store compares valid_until with its own clock before COMMIT, so take off how far the
    // row's time is ahead of that clock.
    const absl::Duration ahead = now - loaded_now;
    typename A::State state = row.state;
    typename A::Effects effects;
    for (size_t i : group.members) {
      Pending<Rules>& command = commands_[i];
      if (!command.uncertain_writes.empty() && AnswerFromUncertainWrites(rules_, command, row, now))
        continue;
      auto decision = rules_.Decide(command.command, now, state, effects);
      // After an uncertain write even a refusal must win the guard: that proves that the first
      // attempt did not commit and never will.
      if (!decision.changed && group.waiting.empty() && command.uncertain_writes.empty()) {
        command.answer(std::move(decision.reply));
        continue;
      }
      if (decision.changed) {
        valid_until_ = std::min(valid_until_, decision.valid_until - ahead);
      }
      group.waiting.push_back({i, std::move(decision.reply)});
    }
    if (group.waiting.empty()) return;
    Rules::Touch(state, now);
    group.change = changes_.size();
    changes_.push_back({.key = group.key,
                        .expected = row.version,
                        .version = mark_ | static_cast<storage::Version>(changes_.size()),
                        .before = row.state,
                        .state = std::move(state),
                        .effects = std::move(effects)});
  }

  BatchRemainder<Rules> SettleWritten(const Won& won) {
    BatchRemainder<Rules> remainder;
    OTPGATE_CHECK(won.size() == changes_.size());
    PendingList<Rules> losers;
    for (Group& group : groups_) {
      if (group.change == kNone) continue;
      if (won[group.change]) {
        for (Waiting& waiting : group.waiting) {
          commands_[waiting.command].answer(std::move(waiting.reply));
        }
      } else {
        remainder.lost += group.waiting.size();
        Return(group, &Pending<Rules>::rounds, kRoundsMax, losers);
      }
    }
    if (!losers.empty()) remainder.next.push_back(std::move(losers));
    return remainder;
  }

  BatchRemainder<Rules> SettleRowUnread(BatchRemainder<Rules> remainder, bool unstable) {
    if (groups_.size() > 1) {
      remainder.unreadable_row = false;  // counted once the bad row is alone in its batch
      remainder.next = Halves<Rules>(ByKey());
      return remainder;
    }
    PendingList<Rules> again;
    for (Pending<Rules>& command : commands_) {
      if (unstable && ++command.rounds <= kRoundsMax) {
        again.push_back(std::move(command));
      } else {
        command.Refuse(unstable ? absl::AbortedError("too much contention")
                                : absl::InternalError("a row cannot be read"));
      }
    }
    if (!again.empty()) remainder.next.push_back(std::move(again));
    return remainder;
  }

  std::vector<PendingList<Rules>> ByKey() {
    std::vector<PendingList<Rules>> lists;
    for (const Group& group : groups_) {
      PendingList<Rules>& list = lists.emplace_back();
      for (size_t i : group.members) list.push_back(std::move(commands_[i]));
    }
    return lists;
  }

  // Moves the waiting commands of a group to `out`; refuses those whose counter passes `most`. A
  // null `counter` counts nothing.
  void Return(Group& group, int Pending<Rules>::*counter, int most, PendingList<Rules>& out) {
    for (Waiting& waiting : group.waiting) {
      Pending<Rules>& command = commands_[waiting.command];
      if (counter != nullptr && ++(command.*counter) > most) {
        command.Refuse(absl::AbortedError("too much contention"));
      } else {
        out.push_back(std::move(command));
      }
    }
  }

  BatchRemainder<Rules> Again(int Pending<Rules>::*counter, int most) {
    BatchRemainder<Rules> remainder;
    PendingList<Rules> all;
    for (Group& group : groups_) Return(group, counter, most, all);
    if (!all.empty()) remainder.next.push_back(std::move(all));
    return remainder;
  }

  BatchRemainder<Rules> Halve() {
    std::vector<PendingList<Rules>> by_key;
    for (Group& group : groups_) {
      if (!group.waiting.empty()) Return(group, nullptr, 0, by_key.emplace_back());
    }
    BatchRemainder<Rules> remainder;
    remainder.next = Halves<Rules>(std::move(by_key));
    return remainder;
  }

  BatchRemainder<Rules> SettleRefusedRow() {
    if (changes_.size() > 1 || OnlyGroup().waiting.size() > 1) return Halve();
    BatchRemainder<Rules> remainder = RefuseAll(absl::InternalError("the store refused a row"));
    remainder.refused_row = true;
    return remainder;
  }

  BatchRemainder<Rules> Park() {
    BatchRemainder<Rules> remainder;
    remainder.parked = OnlyGroup().key;
    for (Waiting& waiting : OnlyGroup().waiting) {
      commands_[waiting.command].Refuse(absl::AbortedError("the row is held by somebody else"));
    }
    return remainder;
  }

  BatchRemainder<Rules> KeepUncertain() {
    size_t in_doubt = 0;
    for (Group& group : groups_) {
      in_doubt += group.waiting.size();
      for (Waiting& waiting : group.waiting) {
        const storage::Change<A>& change = changes_[group.change];
        commands_[waiting.command].uncertain_writes.push_back(
            {change.expected, change.version, std::move(waiting.reply)});
      }
    }
    BatchRemainder<Rules> remainder = Again(&Pending<Rules>::rounds, kRoundsMax);
    remainder.in_doubt = in_doubt;
    return remainder;
  }

  BatchRemainder<Rules> RefuseAll(const absl::Status& status) {
    for (Group& group : groups_) {
      for (Waiting& waiting : group.waiting) commands_[waiting.command].Refuse(status);
    }
    return {};
  }

  // The group of the only change.
  Group& OnlyGroup() {
    OTPGATE_CHECK(changes_.size() == 1);
    return *std::find_if(groups_.begin(), groups_.end(),
                         [](const Group& group) { return group.change == 0; });
  }

  const Rules& rules_;
  const storage::Version mark_;
  PendingList<Rules> commands_;
  std::vector<Group> groups_;
  std::vector<storage::Change<A>> changes_;
  absl::Time valid_until_ = absl::InfiniteFuture();
};

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_BATCH_H_
