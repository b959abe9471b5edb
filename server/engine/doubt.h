#ifndef OTPGATE_SERVER_ENGINE_DOUBT_H_
#define OTPGATE_SERVER_ENGINE_DOUBT_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/engine/pending.h"
#include "storage/storage.h"

namespace otpgate {

// Answers a command whose COMMIT got no answer, when the row, or what a rule reads in it, tells how
// that ended. False: the row stands as it was read then, so the command may go again; winning the
// guard will prove the first attempt dead.
template <class Rules>
bool AnswerFromDoubts(const Rules& rules, Pending<Rules>& command,
                      const Row<typename Rules::Aggregate>& row, absl::Time now) {
  for (Attempt<Rules>& attempt : command.doubts) {
    if (row.version == attempt.version || row.previous == attempt.version) {
      command.answer(std::move(attempt.reply));
      return true;
    }
  }
  // The version it had read was replaced by somebody else's write: that attempt is dead.
  std::erase_if(command.doubts, [&](const Attempt<Rules>& attempt) {
    return attempt.expected != 0 && row.previous == attempt.expected;
  });
  const bool may_go_again =
      std::all_of(command.doubts.begin(), command.doubts.end(),
                  [&](const Attempt<Rules>& attempt) { return attempt.expected == row.version; });
  if (may_go_again) return false;
  if (auto reply = rules.Recall(command.command, now, row.state)) {
    command.answer(*std::move(reply));
  } else {
    command.Refuse(absl::UnknownError("the outcome is unknown"));
  }
  return true;
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_ENGINE_DOUBT_H_
