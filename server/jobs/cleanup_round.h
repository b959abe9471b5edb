#ifndef OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_
#define OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "storage/cleanup.h"

namespace otpgate {

// What a round came to, of one kind of rows.
struct CleanupCount {
  int64_t removed = 0;
  int64_t held = 0;  // rows at rest that it left, because somebody held them at that moment

  friend bool operator==(const CleanupCount&, const CleanupCount&) = default;
};

// Where in a round.
struct CleanupPlace {
  size_t kind = 0;  // of kCleanupKinds
  int64_t place = 0;

  friend bool operator==(const CleanupPlace&, const CleanupPlace&) = default;
};

struct CleanupReport {
  std::map<CleanupKind, CleanupCount> counts;
  bool complete = true;  // every kind was looked through to its end
  // Where the next round should begin: where this one was ended, or when it had begun to fail; else
  // at its first failure.
  CleanupPlace next;
  absl::Status problem;  // the first one; other kinds were looked through all the same

  int64_t removed() const;
  int64_t held() const;
};

// {"removed":{"signup_otps":3},"held":{},"complete":true}; kinds without rows are left out.
std::string ToJson(const CleanupReport& report);

struct CleanupPace {
  // Rows that one statement removes at most, so that no row is held for long.
  int batch = 1000;
  // Percent of its time in which a statement runs; it rests in between.
  int share = 20;
  // So far the store's clock may be ahead of ours; what lies beyond does not count.
  absl::Duration max_clock_offset = absl::InfiniteDuration();
};

// After each statement: is told how many rows went, passes that long, and says whether to go on.
using CleanupRest = absl::FunctionRef<bool(CleanupKind, int64_t removed, absl::Duration)>;

// One look through all rows of all kinds, removing those at rest: from `begin` to the end, and then
// from the beginning to there. So rows have their turn also where no round ever comes to its end.
// Those around `begin` may be seen, and counted as held, twice. Blocking.
CleanupReport Clean(Cleaner& cleaner, const Retention& retention, const CleanupPace& pace,
                    const Clock& clock, CleanupRest rest, CleanupPlace begin = {});

// All rows at rest, of each kind. Removes nothing. Errors are those of the cleaner.
absl::StatusOr<std::map<CleanupKind, int64_t>> CountAtRest(Cleaner& cleaner,
                                                           const Retention& retention);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_
