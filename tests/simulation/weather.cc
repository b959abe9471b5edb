#include "tests/simulation/weather.h"

#include <iterator>

namespace otpgate::sim {

void Weather::StartOutage() {
  ++counts_.outages;
  const absl::Time end = clock_.Now() + dice_.Upto(absl::Seconds(20));
  const bool everywhere = dice_.Chance(0.5);
  const size_t one = dice_.Below(away_until_.size());
  for (size_t i = 0; i < away_until_.size(); ++i) {
    if (everywhere || i == one) away_until_[i] = end;
  }
}

bool Weather::LoadFails(size_t server) {
  const bool fails = IsAway(server) || (!clear_ && dice_.Chance(plan_.load_fails));
  if (fails) ++counts_.failed_loads;
  return fails;
}

bool Weather::LoadIsRestless() {
  const bool restless = !clear_ && dice_.Chance(plan_.load_fails / 4);
  if (restless) ++counts_.failed_loads;
  return restless;
}

WriteFault Weather::NextWrite(size_t server) {
  static constexpr WriteFault kAny[] = {WriteFault::kUnavailable,      WriteFault::kAborted,
                                        WriteFault::kDeadlineExceeded, WriteFault::kUnknownDone,
                                        WriteFault::kUnknownDone,      WriteFault::kUnknownNotDone,
                                        WriteFault::kUnknownHanging,   WriteFault::kUnknownHanging};
  WriteFault fault = WriteFault::kNone;
  if (IsAway(server)) {
    fault = dice_.Chance(0.5) ? WriteFault::kUnavailable : WriteFault::kUnknownNotDone;
  } else if (!clear_ && dice_.Chance(plan_.write_fails)) {
    fault = kAny[dice_.Below(std::size(kAny))];
  }
  if (fault >= WriteFault::kUnknownDone) {
    ++counts_.doubts;
    if (fault == WriteFault::kUnknownHanging) ++counts_.hanging;
  } else if (fault != WriteFault::kNone) {
    ++counts_.failed_writes;
  }
  return fault;
}

}  // namespace otpgate::sim
