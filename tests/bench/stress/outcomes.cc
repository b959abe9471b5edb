#include "tests/bench/stress/outcomes.h"

#include <algorithm>
#include <iterator>

namespace otpgate::bench {
namespace {

template <class Duration>
std::vector<absl::Duration> Sorted(const std::vector<Outcome>& outcomes, Duration duration) {
  std::vector<absl::Duration> list;
  list.reserve(outcomes.size());
  for (const Outcome& one : outcomes) list.push_back(duration(one));
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<Outcome> With(const std::vector<Outcome>& outcomes, absl::StatusCode code) {
  std::vector<Outcome> some;
  std::copy_if(outcomes.begin(), outcomes.end(), std::back_inserter(some),
               [code](const Outcome& one) { return one.code == code; });
  return some;
}

}  // namespace

std::vector<Outcome> DueIn(const std::vector<Outcome>& all, absl::Duration from,
                           absl::Duration to) {
  std::vector<Outcome> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some),
               [&](const Outcome& one) { return one.due >= from && one.due < to; });
  return some;
}

Tally TallyOf(const std::vector<Outcome>& outcomes) {
  Tally tally;
  for (const Outcome& one : outcomes) {
    const bool refused = one.code == absl::StatusCode::kResourceExhausted;
    tally.answered += one.code == absl::StatusCode::kOk;
    tally.refused += refused;
    tally.hinted += refused && one.hint;
  }
  tally.failed = static_cast<int64_t>(outcomes.size()) - tally.answered - tally.refused;
  return tally;
}

std::vector<absl::Duration> LatenciesOf(const std::vector<Outcome>& outcomes,
                                        absl::StatusCode code) {
  return Sorted(With(outcomes, code), [](const Outcome& one) { return one.ended - one.due; });
}

std::vector<absl::Duration> ServedIn(const std::vector<Outcome>& outcomes, absl::StatusCode code) {
  return Sorted(With(outcomes, code), [](const Outcome& one) { return one.ended - one.begun; });
}

std::vector<absl::Duration> LatenessOf(const std::vector<Outcome>& outcomes) {
  return Sorted(outcomes, [](const Outcome& one) { return one.begun - one.due; });
}

double PercentileMs(const std::vector<absl::Duration>& sorted, size_t percent) {
  return sorted.empty() ? 0 : absl::ToDoubleMilliseconds(Percentile(sorted, percent));
}

std::vector<absl::Duration> WindowsP99(const std::vector<Outcome>& all, absl::Duration from,
                                       absl::Duration to, absl::Duration window) {
  std::vector<absl::Duration> windows;
  for (absl::Duration at = from; at + window <= to; at += window) {
    const std::vector<Outcome> due = DueIn(all, at, at + window);
    const std::vector<absl::Duration> served = LatenciesOf(due, absl::StatusCode::kOk);
    const bool all_served = !due.empty() && served.size() == due.size();
    windows.push_back(all_served ? Percentile(served, 99) : absl::InfiniteDuration());
  }
  return windows;
}

std::optional<absl::Duration> BackAfter(const std::vector<absl::Duration>& windows,
                                        absl::Duration window, absl::Duration limit) {
  for (size_t i = 0; i + 1 < windows.size(); ++i) {
    if (windows[i] <= limit && windows[i + 1] <= limit) return static_cast<int64_t>(i) * window;
  }
  return std::nullopt;
}

}  // namespace otpgate::bench
