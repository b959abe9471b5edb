#ifndef OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_
#define OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "server/jobs/cleanup_options.h"
#include "storage/cleanup.h"

namespace otpgate::jobs {

// What a round did with one kind of rows.
struct CleanupCount {
  int64_t removed = 0;
  int64_t held = 0;  // removable rows it left, because another transaction locked them

  friend bool operator==(const CleanupCount&, const CleanupCount&) = default;
};

// A position in a round.
struct CleanupPosition {
  size_t kind = 0;     // index in kCleanupKinds
  int64_t cursor = 0;  // of storage::Cleaner

  friend bool operator==(const CleanupPosition&, const CleanupPosition&) = default;
};

// What a round did.
struct CleanupReport {
  std::map<storage::CleanupKind, CleanupCount> counts;
  bool complete = true;  // every kind was cleaned to its end
  // Where the next round should begin. A round that was ended early: where it was, or where its
  // latest statements began to fail. A round that went through: at its first failure, if any.
  CleanupPosition next;
  absl::Status problem;  // the first error; the other kinds were cleaned all the same

  int64_t removed() const;
  int64_t held() const;
};

// As JSON: {"removed":{"signup_otps":3},"held":{},"complete":true}. Kinds without rows are left
// out.
std::string ToJson(const CleanupReport& report);

// Called after each statement with the number of rows it removed. Waits for the duration, and says
// whether to go on.
using CleanupPause = absl::FunctionRef<bool(storage::CleanupKind, int64_t removed, absl::Duration)>;

// Goes through all rows of all kinds once and removes those that may go (see storage/cleanup.h):
// from `begin` to the end, then from the start to `begin`. So every row has its turn even if no
// round ever completes. Rows near `begin` may be visited, and counted as held, twice. Blocking.
CleanupReport Clean(storage::Cleaner& cleaner, const storage::Retention& retention,
                    const CleanupPace& pace, const Clock& clock, CleanupPause pause,
                    CleanupPosition begin = {});

// Counts the removable rows of each kind; removes nothing. Blocking. Errors are those of the
// cleaner.
absl::StatusOr<std::map<storage::CleanupKind, int64_t>> CountRemovable(
    storage::Cleaner& cleaner, const storage::Retention& retention);

}  // namespace otpgate::jobs

#endif  // OTPGATE_SERVER_JOBS_CLEANUP_ROUND_H_
