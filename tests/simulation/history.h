#ifndef OTPGATE_TESTS_SIMULATION_HISTORY_H_
#define OTPGATE_TESTS_SIMULATION_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace otpgate::simulation {

// The newest states of one row, one for each commit. One thread.
template <class State>
class History {
 public:
  static constexpr size_t kKept = 24;

  explicit History(State first = {}) : states_{{0, std::move(first)}} {}

  const State& last() const { return states_.back().state; }

  // `state` is what commit number `commit` left.
  void Add(uint64_t commit, State state) {
    states_.push_back({commit, std::move(state)});
    if (states_.size() > kKept) states_.pop_front();
  }

  // Whether `is_so` holds for any state that was the newest at some moment since `commit`. Also
  // true if states since then are no longer kept.
  template <class Predicate>
  bool AnySince(uint64_t commit, Predicate is_so) const {
    for (auto it = states_.rbegin(); it != states_.rend(); ++it) {
      if (is_so(it->state)) return true;
      if (it->commit <= commit) return false;
    }
    return states_.front().commit > commit;
  }

 private:
  struct Entry {
    uint64_t commit = 0;
    State state;
  };
  std::deque<Entry> states_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_HISTORY_H_
