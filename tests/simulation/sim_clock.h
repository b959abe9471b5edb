#ifndef OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
#define OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "server/runtime/clock.h"

namespace otpgate::sim {

// The clocks of all machines. Now() is the store's, which may step forward and back around the
// true time; Steady() is that of the server which acts at the moment, and runs a little fast or
// slow. One thread.
class SimClock final : public Clock {
 public:
  absl::Time Now() const override { return kStart + passed_ + store_error_; }
  absl::Duration Steady() const override { return SteadyOf(acting_); }

  absl::Duration passed() const { return passed_; }
  void Advance(absl::Duration by) { passed_ += by; }
  // From now on the store's clock is that much ahead of the true time.
  void StepStore(absl::Duration error) { store_error_ = error; }

  // `rate`: how much faster than true time the clocks of this server run.
  void AddServer(double rate, absl::Duration wall_offset) {
    servers_.push_back({rate, wall_offset});
  }
  void LetAct(size_t server) { acting_ = server; }
  size_t servers() const { return servers_.size(); }
  // What a server believes the time is; only ids are made of it.
  absl::Time WallOf(size_t server) const {
    return kStart + SteadyOf(server) + servers_[server].wall_offset;
  }

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
  absl::Duration store_error_;
  std::vector<Server> servers_;
  size_t acting_ = 0;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
