#ifndef OTPGATE_STORAGE_CLEANUP_H_
#define OTPGATE_STORAGE_CLEANUP_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Removing rows that nobody can need any more: rows at rest. storage/conformance proves this
// contract.
//
// At rest, by the store's clock, or by Retention::latest_now if that is earlier, is
//   a code        that expired `codes` ago, used or not
//   a request     recorded `requests` ago, whose code has expired too
//   a message     that was finished `messages` ago; never one on its way
//   a subject     without account and without code rows, that is not blocked, changed `subjects`
//   ago a session     whose absolute end was `sessions` ago: until then its generation is the
//   evidence
//                 of reuse, revoked or not
//   a limit       whose bucket has been full for `limits`
//   an audit event  of `audit` ago
// Users, identities, signing keys, the global sign-out and leases are never removed.
//
// A batch that loaded a row before it was removed writes it again, whole; it cannot undo what
// somebody else wrote in between, because whatever changed is not at rest.
namespace otpgate {

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

// The table.
absl::string_view NameOf(CleanupKind kind);

// How long rows stay; the defaults are the shortest the rules of the service can live with, but for
// codes and messages, which may go at once, and the audit, which nobody reads but people.
struct Retention {
  absl::Duration codes = absl::Hours(24);
  // request_id holds for 24 h.
  absl::Duration requests = absl::Hours(24);
  absl::Duration messages = absl::Hours(24 * 7);
  // Failures are forgotten after 24 h; no send window is longer.
  absl::Duration subjects = absl::Hours(24);
  // Access token life and clock skew.
  absl::Duration sessions = absl::Minutes(20);
  // Longer than any batch lives that took from the bucket.
  absl::Duration limits = absl::Minutes(10);
  absl::Duration audit = absl::Hours(24 * 400);
  // The store's clock counts as no later than this, so that nothing goes when it jumps ahead.
  absl::Time latest_now = absl::InfiniteFuture();
};

absl::Duration RetentionOf(CleanupKind kind, const Retention& retention);

// What rules count on for so many hours stays longer where the store's clock may be off by `most`
// either way: it may be behind when a row is written, and ahead when it is judged.
Retention WithClockOff(Retention retention, absl::Duration most);

// A stretch of rows that was looked through.
struct CleanupStep {
  int64_t at_rest = 0;  // rows that may go
  int64_t removed = 0;  // and went; the others are held by somebody at this moment
  // Where to go on, which may be the same place again; none: the end was reached.
  std::optional<int64_t> next = std::nullopt;
};

// Blocking; one thread per object. Each call looks at a bounded number of rows, is one transaction
// and waits for no row that a server may hold. Any call may return
//   UNAVAILABLE        the store cannot be reached or is not well; nothing happened
//   ABORTED            serialization failure; nothing happened
//   DEADLINE_EXCEEDED  somebody holds the table, or removes the same audit events; nothing happened
//   UNKNOWN            no answer: it may have happened. Safe to repeat.
class Cleaner {
 public:
  virtual ~Cleaner() = default;

  // Removes rows at rest from `place` on, 0 being the beginning, `limit` of them at most.
  virtual absl::StatusOr<CleanupStep> Remove(CleanupKind kind, const Retention& retention,
                                             int64_t place, int limit) = 0;

  // Counts rows at rest from `place` on, and removes none.
  virtual absl::StatusOr<CleanupStep> Count(CleanupKind kind, const Retention& retention,
                                            int64_t place) = 0;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_CLEANUP_H_
