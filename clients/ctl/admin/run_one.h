#ifndef OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "server/crypto/system_random.h"
#include "server/engine/runner.h"
#include "server/runtime/clock.h"

namespace otpgate::ctl {

// Commands through the engine of the service: load, decide, write if unchanged, and round again.
// replies[i] answers commands[i]; statuses are those of Pending. At most one batch, 256 of them.
template <class Rules, class Store>
std::vector<absl::StatusOr<typename Rules::Reply>> RunAll(
    const Rules& rules, std::unique_ptr<Store> store,
    std::vector<typename Rules::Command> commands) {
  SystemClock clock;
  crypto::SystemRandom random;
  WriteRunner<Rules> runner(
      rules, std::move(store), clock, random, [](absl::Duration wait) { absl::SleepFor(wait); },
      [](const BatchReport&) {});
  std::vector<absl::StatusOr<typename Rules::Reply>> replies(commands.size(),
                                                             absl::InternalError("no answer"));
  PendingList<Rules> pending;
  for (size_t i = 0; i < commands.size(); ++i) {
    pending.push_back({.command = std::move(commands[i]),
                       .answer =
                           [&replies, i](absl::StatusOr<typename Rules::Reply> reply) {
                             replies[i] = std::move(reply);
                           },
                       .patience = {}});
  }
  runner.Run(std::move(pending));
  return replies;
}

template <class Rules, class Store>
absl::StatusOr<typename Rules::Reply> RunOne(const Rules& rules, std::unique_ptr<Store> store,
                                             typename Rules::Command command) {
  std::vector<typename Rules::Command> one;
  one.push_back(std::move(command));
  return std::move(RunAll(rules, std::move(store), std::move(one)).front());
}

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_
