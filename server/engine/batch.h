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
#include "server/engine/doubt.h"
#include "server/engine/halves.h"
#include "server/engine/pending.h"
#include "server/engine/rest.h"
#include "server/runtime/check.h"
#include "storage/storage.h"

namespace otpgate {

inline constexpr int kRoundsMax = 5;
// Each rollback by the clock refuses at least what had expired; the bound only guards against a
// clock that runs away.
inline constexpr int kRepeatsMax = 20;
// The low bits of a version number the change within its write.
inline constexpr Version kOrdinalMask = 0x1ff;

// One pass of load, decide, write as a step machine without threads or I/O; a worker or a simulator
// acts between the steps:
//
//   Load(batch.Asks()) -> batch.Decide(loaded) -> Write(batch.changes(), batch.valid_until())
//   -> batch.Settle(won)
//
// Commands of one key are folded in queue order: one read, one write. Not thread-safe.
template <class Rules>
class Batch {
 public:
  using A = typename Rules::Aggregate;
  using Won = typename Store<A>::Won;

  // `mark`: fresh random bits for the versions of this attempt; its low bits are not used.
  Batch(const Rules& rules, PendingList<Rules> taken, Version mark)
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

  // One ask per key.
  std::vector<typename A::Ask> Asks() const {
    std::vector<typename A::Ask> asks;
    for (const Group& group : groups_) {
      asks.emplace_back().key = group.key;
      for (size_t i : group.members) Rules::AddToAsk(commands_[i].command, asks.back());
    }
    return asks;
  }

  // Settles doubts, then decides every command on the state the one before it left. What changed
  // nothing is answered here.
  void Decide(const Loaded<A>& loaded) {
    OTPGATE_CHECK(loaded.rows.size() == groups_.size());
    for (size_t g = 0; g < groups_.size(); ++g) Fold(groups_[g], loaded.rows[g], loaded.now);
  }

  absl::Span<const Change<A>> changes() const { return changes_; }
  absl::Time valid_until() const { return valid_until_; }

  // Answers the winners. An empty write settles with an empty list.
  Rest<Rules> Settle(const absl::StatusOr<Won>& won) {
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
        return Doubt();
      default:
        return RefuseAll(absl::UnavailableError("the database is not available"));
    }
  }

  // The load failed: nothing was decided. Where a row is to blame, those of other keys do not
  // suffer from it. While the store is away commands in doubt go round again, after a pause.
  Rest<Rules> SettleUnread(const absl::Status& why) {
    Rest<Rules> rest;
    const bool restless_row = absl::IsAborted(why);
    rest.unreadable_row = absl::IsDataLoss(why);
    if (restless_row || rest.unreadable_row) return SettleRowUnread(std::move(rest), restless_row);
    PendingList<Rules> doubtful;
    for (Pending<Rules>& command : commands_) {
      if (!command.doubts.empty() && ++command.rounds <= kRoundsMax) {
        doubtful.push_back(std::move(command));
      } else {
        command.Refuse(absl::UnavailableError("the database is not available"));
      }
    }
    if (!doubtful.empty()) rest.next.push_back(std::move(doubtful));
    rest.pause = !rest.next.empty();
    return rest;
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
    std::vector<Waiting> waiting;  // those that share the fate of the write
    size_t change = kNone;
  };

  void Fold(Group& group, const Row<A>& row, absl::Time loaded_now) {
    const absl::Time now = std::max(loaded_now, Rules::NewestTime(row.state));
    const absl::Duration ahead = now - loaded_now;  // of the clock that is asked before COMMIT
    typename A::State state = row.state;
    typename A::Effects effects;
    for (size_t i : group.members) {
      Pending<Rules>& command = commands_[i];
      if (!command.doubts.empty() && AnswerFromDoubts(rules_, command, row, now)) continue;
      auto decision = rules_.Decide(command.command, now, state, effects);
      // In doubt even a refusal needs the guard: winning it proves the first attempt dead.
      if (!decision.changed && group.waiting.empty() && command.doubts.empty()) {
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
                        .version = mark_ | static_cast<Version>(changes_.size()),
                        .before = row.state,
                        .state = std::move(state),
                        .effects = std::move(effects)});
  }

  Rest<Rules> SettleWritten(const Won& won) {
    Rest<Rules> rest;
    OTPGATE_CHECK(won.size() == changes_.size());
    PendingList<Rules> losers;
    for (Group& group : groups_) {
      if (group.change == kNone) continue;
      if (won[group.change]) {
        for (Waiting& waiting : group.waiting) {
          commands_[waiting.command].answer(std::move(waiting.reply));
        }
      } else {
        rest.lost += group.waiting.size();
        Return(group, &Pending<Rules>::rounds, kRoundsMax, losers);
      }
    }
    if (!losers.empty()) rest.next.push_back(std::move(losers));
    return rest;
  }

  Rest<Rules> SettleRowUnread(Rest<Rules> rest, bool restless) {
    if (groups_.size() > 1) {
      rest.unreadable_row = false;  // not yet: only the culprit counts
      rest.next = Halves<Rules>(ByKey());
      return rest;
    }
    PendingList<Rules> again;
    for (Pending<Rules>& command : commands_) {
      if (restless && ++command.rounds <= kRoundsMax) {
        again.push_back(std::move(command));
      } else {
        command.Refuse(restless ? absl::AbortedError("too much contention")
                                : absl::InternalError("a row cannot be read"));
      }
    }
    if (!again.empty()) rest.next.push_back(std::move(again));
    return rest;
  }

  std::vector<PendingList<Rules>> ByKey() {
    std::vector<PendingList<Rules>> lists;
    for (const Group& group : groups_) {
      PendingList<Rules>& list = lists.emplace_back();
      for (size_t i : group.members) list.push_back(std::move(commands_[i]));
    }
    return lists;
  }

  // Moves the waiting commands of a group to `out`; those that used up their budget are refused.
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

  Rest<Rules> Again(int Pending<Rules>::*counter, int most) {
    Rest<Rules> rest;
    PendingList<Rules> all;
    for (Group& group : groups_) Return(group, counter, most, all);
    if (!all.empty()) rest.next.push_back(std::move(all));
    return rest;
  }

  Rest<Rules> Halve() {
    std::vector<PendingList<Rules>> by_key;
    for (Group& group : groups_) {
      if (!group.waiting.empty()) Return(group, nullptr, 0, by_key.emplace_back());
    }
    Rest<Rules> rest;
    rest.next = Halves<Rules>(std::move(by_key));
    return rest;
  }

  Rest<Rules> SettleRefusedRow() {
    if (changes_.size() > 1 || OnlyGroup().waiting.size() > 1) return Halve();
    Rest<Rules> rest = RefuseAll(absl::InternalError("the store refused a row"));
    rest.refused_row = true;
    return rest;
  }

  Rest<Rules> Park() {
    Rest<Rules> rest;
    rest.parked = OnlyGroup().key;
    for (Waiting& waiting : OnlyGroup().waiting) {
      commands_[waiting.command].Refuse(absl::AbortedError("the row is held by somebody else"));
    }
    return rest;
  }

  Rest<Rules> Doubt() {
    size_t in_doubt = 0;
    for (Group& group : groups_) {
      in_doubt += group.waiting.size();
      for (Waiting& waiting : group.waiting) {
        const Change<A>& change = changes_[group.change];
        commands_[waiting.command].doubts.push_back(
            {change.expected, change.version, std::move(waiting.reply)});
      }
    }
    Rest<Rules> rest = Again(&Pending<Rules>::rounds, kRoundsMax);
    rest.in_doubt = in_doubt;
    return rest;
  }

  Rest<Rules> RefuseAll(const absl::Status& status) {
    for (Group& group : groups_) {
      for (Waiting& waiting : group.waiting) commands_[waiting.command].Refuse(status);
    }
    return {};
  }

  // The group behind the only change.
  Group& OnlyGroup() {
    OTPGATE_CHECK(changes_.size() == 1);
    return *std::find_if(groups_.begin(), groups_.end(),
                         [](const Group& group) { return group.change == 0; });
  }

  const Rules& rules_;
  const Version mark_;
  PendingList<Rules> commands_;
  std::vector<Group> groups_;
  std::vector<Change<A>> changes_;
  absl::Time valid_until_ = absl::InfiniteFuture();
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_BATCH_H_
