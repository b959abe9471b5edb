#ifndef OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
#define OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "server/runtime/clock.h"

namespace otpgate::sim {

// The clocks of all machines. Now() is the store's; Steady() is that of the server which acts at
// the moment, and runs a little fast or slow. One thread.
class SimClock final : public Clock {
 public:
  absl::Time Now() const override { return kStart + passed_; }
  absl::Duration Steady() const override { return SteadyOf(acting_); }

  absl::Duration passed() const { return passed_; }
  void Advance(absl::Duration by) { passed_ += by; }

  // `rate`: how much longer a second of this server is.
  size_t AddServer(double rate, absl::Duration wall_offset) {
    servers_.push_back({rate, wall_offset});
    return servers_.size() - 1;
  }
  void LetAct(size_t server) { acting_ = server; }
  // What a server believes the time is; only ids are made of it.
  absl::Time WallOf(size_t server) const { return Now() + servers_[server].wall_offset; }

 private:
  struct Server {
    double rate = 0;
    absl::Duration wall_offset;
  };
  static constexpr absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

  absl::Duration SteadyOf(size_t server) const {
    return absl::Seconds(1) + passed_ + passed_ * servers_[server].rate;
  }

  absl::Duration passed_;
  std::vector<Server> servers_;
  size_t acting_ = 0;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
