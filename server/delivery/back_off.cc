#include "server/delivery/back_off.h"

#include <algorithm>

namespace otpgate::delivery {
namespace {

constexpr int kDoublingsMax = 20;  // by then every sensible `longest` is reached
constexpr uint64_t kSteps = 1 << 20;

}  // namespace

absl::Duration BackOff::After(int tries, Random& random) const {
  const int64_t factor = int64_t{1} << std::clamp(tries, 0, kDoublingsMax);
  const absl::Duration whole = std::min(first * factor, longest);
  const auto step = static_cast<int64_t>(random.Uint64() % kSteps);
  return whole / 2 + whole / 2 * step / static_cast<int64_t>(kSteps);
}

}  // namespace otpgate::delivery
