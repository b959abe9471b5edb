#ifndef OTPGATE_SERVER_ENGINE_UNCERTAIN_WRITE_H_
#define OTPGATE_SERVER_ENGINE_UNCERTAIN_WRITE_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/engine/pending.h"
#include "storage/storage.h"

namespace otpgate::engine {

// Answers a command with uncertain writes if the row tells how they ended, or if nothing can tell
// (UNKNOWN). False: no attempt has changed the row, so the command may be decided again; winning
// the guard then proves that no earlier attempt committed.
template <class Rules>
bool AnswerFromUncertainWrites(const Rules& rules, Pending<Rules>& command,
                               const storage::Row<typename Rules::Aggregate>& row, absl::Time now) {
  for (UncertainWrite<Rules>& attempt : command.uncertain_writes) {
    if (row.version == attempt.version || row.previous == attempt.version) {
      command.answer(std::move(attempt.reply));
      return true;
    }
  }
  // Another write replaced the version that this attempt had read, so the attempt did not commit.
  std::erase_if(command.uncertain_writes, [&](const UncertainWrite<Rules>& attempt) {
    return attempt.expected != 0 && row.previous == attempt.expected;
  });
  const bool may_go_again = std::all_of(
      command.uncertain_writes.begin(), command.uncertain_writes.end(),
      [&](const UncertainWrite<Rules>& attempt) { return attempt.expected == row.version; });
  if (may_go_again) return false;
  if (auto reply = rules.Recall(command.command, now, row.state)) {
    command.answer(*std::move(reply));
  } else {
    command.Refuse(absl::UnknownError("the outcome is unknown"));
  }
  return true;
}

}  // namespace otpgate::engine

#endif  // OTPGATE_SERVER_ENGINE_UNCERTAIN_WRITE_H_
