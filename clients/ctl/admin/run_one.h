#ifndef OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/crypto/system_random.h"
#include "server/engine/runner.h"

namespace otpgate::ctl {

// Runs commands as the service does: load, decide, write if unchanged, and repeat after a conflict.
// replies[i] answers commands[i]; the errors are those of Pending. At most one batch, 256 commands.
template <class Rules, class Store>
std::vector<absl::StatusOr<typename Rules::Reply>> RunAll(
    const Rules& rules, std::unique_ptr<Store> store,
    std::vector<typename Rules::Command> commands) {
  SystemClock clock;
  crypto::SystemRandom random;
  engine::WriteRunner<Rules> runner(
      rules, std::move(store), clock, random, [](absl::Duration wait) { absl::SleepFor(wait); },
      [](const engine::BatchReport&) {});
  std::vector<absl::StatusOr<typename Rules::Reply>> replies(commands.size(),
                                                             absl::InternalError("no answer"));
  engine::PendingList<Rules> pending;
  for (size_t i = 0; i < commands.size(); ++i) {
    pending.push_back({.command = std::move(commands[i]),
                       .answer =
                           [&replies, i](absl::StatusOr<typename Rules::Reply> reply) {
                             replies[i] = std::move(reply);
                           },
                       .cancellation = {}});
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
