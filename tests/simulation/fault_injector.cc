#include "tests/simulation/fault_injector.h"

#include <iterator>

namespace otpgate::simulation {

void FaultInjector::StartOutage() {
  ++counts_.outages;
  const absl::Time end = clock_.Now() + choices_.Upto(absl::Seconds(20));
  const bool everywhere = choices_.Chance(0.5);
  const size_t one = choices_.Below(unreachable_until_.size());
  for (size_t i = 0; i < unreachable_until_.size(); ++i) {
    if (everywhere || i == one) unreachable_until_[i] = end;
  }
}

bool FaultInjector::LoadFails(size_t server) {
  const bool fails = IsUnreachable(server) || (!stopped_ && choices_.Chance(plan_.load_fails));
  if (fails) ++counts_.failed_loads;
  return fails;
}

bool FaultInjector::RowKeepsChanging() {
  const bool changing = !stopped_ && choices_.Chance(plan_.load_fails / 4);
  if (changing) ++counts_.failed_loads;
  return changing;
}

WriteFault FaultInjector::NextWrite(size_t server) {
  static constexpr WriteFault kAny[] = {
      WriteFault::kUnavailable,     WriteFault::kAborted,        WriteFault::kDeadlineExceeded,
      WriteFault::kUnknownDone,     WriteFault::kUnknownDone,    WriteFault::kUnknownNotDone,
      WriteFault::kUnknownInFlight, WriteFault::kUnknownInFlight};
  WriteFault fault = WriteFault::kNone;
  if (IsUnreachable(server)) {
    fault = choices_.Chance(0.5) ? WriteFault::kUnavailable : WriteFault::kUnknownNotDone;
  } else if (!stopped_ && choices_.Chance(plan_.write_fails)) {
    fault = kAny[choices_.Below(std::size(kAny))];
  }
  if (fault >= WriteFault::kUnknownDone) {
    ++counts_.uncertain_writes;
    if (fault == WriteFault::kUnknownInFlight) ++counts_.in_flight;
  } else if (fault != WriteFault::kNone) {
    ++counts_.failed_writes;
  }
  return fault;
}

}  // namespace otpgate::simulation
