#include "tests/bench/load.h"

#include <algorithm>
#include <utility>

namespace otpgate::bench {
namespace {

constexpr uint64_t kSeed = 1;

// An operation in flight.
struct Slot {
  int64_t operation = 0;
  absl::Duration due;  // counted from the start
  absl::Duration begun;
};

// Runs one load from its first call to its last answer.
class Load {
 public:
  Load(Transport& transport, Operation& operation, const LoadLimits& limits, const Clock& clock)
      : clock_(clock), transport_(transport), operation_(operation), limits_(limits) {
    slots_.resize(static_cast<size_t>(limits.concurrency));
    for (size_t i = slots_.size(); i > 0; --i) free_.push_back(i - 1);
    if (!limits.phases.empty()) {
      arrivals_.emplace(limits.phases, kSeed);
    } else if (limits.per_second) {
      arrivals_.emplace(*limits.per_second, kSeed);
    } else {
      return;
    }
    due_ = arrivals_->Next();
  }

  absl::StatusOr<LoadResult> Run() {
    BeginDue();
    while (Busy() || !Over()) {
      if (auto answer = transport_.Next(UntilDue())) Answered(*answer);
      BeginDue();
    }
    if (!failure_.ok()) return failure_;
    result_.elapsed = Elapsed();
    std::sort(result_.latencies.begin(), result_.latencies.end());
    return std::move(result_);
  }

 private:
  absl::Duration Elapsed() const { return clock_.Steady() - start_; }
  bool Busy() const { return free_.size() < slots_.size(); }

  bool Over() const {
    if (!failure_.ok() || begun_ >= limits_.operations) return true;
    if (arrivals_) return due_ >= limits_.duration;
    return begun_ >= limits_.concurrency && Elapsed() >= limits_.duration;
  }
  bool IsDue() const { return !free_.empty() && !Over() && (!arrivals_ || due_ <= Elapsed()); }

  absl::Duration UntilDue() const {
    if (free_.empty() || Over()) return absl::InfiniteDuration();
    return std::max(due_ - Elapsed(), absl::ZeroDuration());
  }

  void BeginDue() {
    while (IsDue()) {
      const size_t slot = free_.back();
      free_.pop_back();
      const absl::Duration now = Elapsed();
      slots_[slot] = {.operation = begun_++, .due = arrivals_ ? due_ : now, .begun = now};
      if (arrivals_) due_ = arrivals_->Next();
      transport_.Send(slot, operation_.Begin(slots_[slot].operation));
    }
  }

  void Answered(const Transport::Answer& answer) {
    const Slot& slot = slots_[answer.slot];
    if (answer.status.ok()) {
      if (const auto next = operation_.Continue(slot.operation, answer.reply)) {
        return transport_.Send(answer.slot, *next);
      }
    } else if (!operation_.Tolerates(slot.operation, answer.status)) {
      failure_ = answer.status;
    }
    const absl::Duration now = Elapsed();
    if (answer.status.ok()) result_.latencies.push_back(now - slot.due);
    result_.outcomes.push_back({.due = slot.due,
                                .begun = slot.begun,
                                .ended = now,
                                .code = answer.status.code(),
                                .hint = answer.hint});
    free_.push_back(answer.slot);
  }

  const Clock& clock_;
  Transport& transport_;
  Operation& operation_;
  const LoadLimits limits_;
  const absl::Duration start_ = clock_.Steady();
  std::optional<Arrivals> arrivals_;
  absl::Duration due_;
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
  int64_t begun_ = 0;
  absl::Status failure_;
  LoadResult result_;
};

}  // namespace

absl::StatusOr<LoadResult> RunLoad(Transport& transport, Operation& operation,
                                   const LoadLimits& limits, const Clock& clock) {
  return Load(transport, operation, limits, clock).Run();
}

absl::Duration Percentile(const std::vector<absl::Duration>& sorted, size_t percent) {
  return sorted[std::min(sorted.size() * percent / 100, sorted.size() - 1)];
}

}  // namespace otpgate::bench
