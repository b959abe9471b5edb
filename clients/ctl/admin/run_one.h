#ifndef OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_
#define OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "server/crypto/system_random.h"
#include "server/engine/runner.h"
#include "server/runtime/clock.h"

namespace otpgate::ctl {

// One command through the engine of the service: load, decide, write if unchanged, and round again.
// Statuses are those of Pending.
template <class Rules, class Store>
absl::StatusOr<typename Rules::Reply> RunOne(const Rules& rules, std::unique_ptr<Store> store,
                                             typename Rules::Command command) {
  SystemClock clock;
  crypto::SystemRandom random;
  WriteRunner<Rules> runner(
      rules, std::move(store), clock, random, [](absl::Duration wait) { absl::SleepFor(wait); },
      [](const BatchReport&) {});
  absl::StatusOr<typename Rules::Reply> answer = absl::InternalError("no answer");
  PendingList<Rules> commands;
  commands.push_back(
      {.command = std::move(command),
       .answer =
           [&answer](absl::StatusOr<typename Rules::Reply> reply) { answer = std::move(reply); },
       .patience = {}});
  runner.Run(std::move(commands));
  return answer;
}

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_ADMIN_RUN_ONE_H_
