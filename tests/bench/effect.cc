#include "tests/bench/effect.h"

#include "absl/strings/str_cat.h"

namespace otpgate::bench {

absl::Status CheckGrowth(const RowCounts& before, const RowCounts& after, const Effect& effect,
                         int64_t operations) {
  const int64_t subjects = after.subjects - before.subjects;
  const int64_t sessions = after.sessions - before.sessions;
  const int64_t rotations = after.rotations - before.rotations;
  const int64_t sent = after.sent - before.sent;
  const int64_t dropped = after.dropped - before.dropped;
  // Every subject of a bench is told one code, unless it is signed in before the message leaves.
  if (subjects == effect.subjects * operations && sessions == effect.sessions * operations &&
      rotations == effect.rotations * operations && sent + dropped == subjects &&
      dropped <= sessions) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat(operations, " operations left ", subjects, " subjects, ",
                                          sessions, " sessions, ", rotations, " rotations, ", sent,
                                          " sent and ", dropped, " dropped messages"));
}

}  // namespace otpgate::bench
