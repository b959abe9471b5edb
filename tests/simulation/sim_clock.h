#ifndef OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
#define OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"

namespace otpgate::simulation {

// The clocks of all machines. Now() is the clock of the store, which may jump forward and back
// around the true time. Steady() is the clock of the server that runs at the moment; it is a little
// fast or slow. One thread.
class SimClock final : public Clock {
 public:
  absl::Time Now() const override { return kStart + passed_ + store_error_; }
  absl::Duration Steady() const override { return SteadyOf(acting_); }

  absl::Duration passed() const { return passed_; }
  void Advance(absl::Duration by) { passed_ += by; }
  // From now on the store's clock is ahead of the true time by `error`.
  void StepStore(absl::Duration error) { store_error_ = error; }

  // `rate` is the rate error of the server's clocks: 1e-6 gains a microsecond per second.
  void AddServer(double rate, absl::Duration wall_offset) {
    servers_.push_back({rate, wall_offset});
  }
  // From now on Steady() is the clock of this server.
  void LetAct(size_t server) { acting_ = server; }
  size_t servers() const { return servers_.size(); }
  // The wall clock of a server, which only ids are made from.
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

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SIM_CLOCK_H_
