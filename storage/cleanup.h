#ifndef OTPGATE_STORAGE_CLEANUP_H_
#define OTPGATE_STORAGE_CLEANUP_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Removes rows that nobody needs any more. storage/conformance proves this contract.
//
// A row may be removed when, by the store's clock or by Retention::latest_now if that is earlier,
//   code         it expired `codes` ago, used or not
//   request      it was recorded `requests` ago, and its code, if any, has expired
//   message      it was finished `messages` ago; a pending message stays
//   subject      it has no account, no code rows and no block in force, and was not changed,
//                disabled or sent a code within `subjects`
//   session      its absolute end was `sessions` ago, revoked or not: until then its generation is
//                the evidence of refresh-token reuse
//   limit        its bucket has been full and unused for `limits`
//   audit event  it is `audit` old
// Users, identities, signing keys, the global sign-out and job leases are never removed.
//
// A write whose load came before the removal of a subject or limit writes the whole row again; a
// removed session stays removed. Such a write cannot undo what somebody else wrote in between: that
// row has another version, and is too new to be removed.
namespace otpgate::storage {

enum class CleanupKind : uint8_t {
  kSignupOtps,
  kOtpSessions,
  kRequests,
  kOutbox,
  kSubjects,
  kSessions,
  kLimits,
  kAuditEvents,
};

// In the order in which they are cleaned: a subject goes after its codes.
inline constexpr CleanupKind kCleanupKinds[] = {
    CleanupKind::kSignupOtps, CleanupKind::kOtpSessions, CleanupKind::kRequests,
    CleanupKind::kOutbox,     CleanupKind::kSubjects,    CleanupKind::kSessions,
    CleanupKind::kLimits,     CleanupKind::kAuditEvents};

// The name of the table.
absl::string_view NameOf(CleanupKind kind);

// How long rows stay. Requests, subjects and limits: the defaults are the shortest that the rules
// of the service allow. Codes and messages could go at once, and only people read the audit events.
struct Retention {
  absl::Duration codes = absl::Hours(24);
  // An idempotency key is valid for 24 h.
  absl::Duration requests = absl::Hours(24);
  absl::Duration messages = absl::Hours(24 * 7);
  // Failures are forgotten after 24 h; no send window is longer.
  absl::Duration subjects = absl::Hours(24);
  // At least the life of an access token and the clock skew, 20 minutes.
  absl::Duration sessions = absl::Hours(24);
  // Longer than any batch that took from the bucket.
  absl::Duration limits = absl::Minutes(10);
  absl::Duration audit = absl::Hours(24 * 400);
  // Upper bound of the store's clock: a clock that jumps ahead removes nothing too early.
  absl::Time latest_now = absl::InfiniteFuture();
};

absl::Duration RetentionOf(CleanupKind kind, const Retention& retention);

// Extends what the rules count on (requests, subjects) for a store's clock that may be off by
// `most` either way: behind when a row is written, and ahead when the row is checked.
Retention WithClockOff(Retention retention, absl::Duration most);

// The result of one call, over one range of rows.
struct CleanupStep {
  int64_t removable = 0;  // rows that may be removed
  int64_t removed = 0;    // rows that were removed; others hold the remaining ones locked
  // Where the next call goes on, perhaps at the same cursor; none: the end was reached.
  std::optional<int64_t> next = std::nullopt;
};

// Blocking; one thread per object. Each call reads a bounded number of rows, is one transaction and
// waits for no row that a server may hold. Any call may return
//   UNAVAILABLE        the store cannot be reached or is not well; nothing happened
//   ABORTED            serialization failure; nothing happened
//   DEADLINE_EXCEEDED  somebody holds the table, or removes the same audit events; nothing happened
//   UNKNOWN            no answer: it may have happened. Safe to repeat.
class Cleaner {
 public:
  virtual ~Cleaner() = default;

  // Removes at most `limit` rows that may be removed, from `cursor` on; 0 is the beginning.
  virtual absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention,
                                             int64_t cursor, int limit) = 0;

  // Counts rows that may be removed, from `cursor` on; removes none.
  virtual absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                            int64_t cursor) = 0;
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_CLEANUP_H_
