#ifndef OTPGATE_STORAGE_OUTBOX_H_
#define OTPGATE_STORAGE_OUTBOX_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/types.h"

// Messages on their way out: the dispatcher's side of the table `outbox`. They are born by
// Store<Subject>::Write, in the transaction of their code. storage/conformance proves this
// contract.
//
// Whoever holds a message's lease may send it, once. A message is born under a lease of the server
// that wrote it (generation 0), so that the common message needs one update in its life: the one
// that finishes it. When a lease ends, anyone may Claim the message; each claim adds 1 to the
// generation, and a completion names the generation it holds, so a holder that slept past its
// lease completes nothing.
namespace otpgate {

// The lease a message is born with: next_try_at = created_at + this. Also how long a message waits
// whose server died before sending it.
inline constexpr absl::Duration kBirthLease = absl::Seconds(5);

struct MessageKey {
  std::string identifier;
  MessageId id;

  friend bool operator==(const MessageKey&, const MessageKey&) = default;
};

// A message its holder may send now: the code inside is the pending one of its subject.
struct OutgoingMessage {
  MessageKey key;
  UserType user_type = UserType::kLive;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  std::string sealed;
  int generation = 0;  // names the lease; also how often it was taken over
  absl::Time created_at;
  absl::Time expires_at;  // of the code
  absl::Time held_until;  // of the lease; nobody else takes it before
};

enum class DropReason { kExpired, kConsumed, kSuperseded };

// A message that was finished unsent, because its code is of no use any more.
struct DroppedMessage {
  MessageKey key;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  DropReason reason = DropReason::kSuperseded;
};

// What became of a message.
struct Completion {
  enum class Outcome {
    kSent,     // handed over; detail: the provider's id, or empty
    kRetry,    // due again after `delay`
    kDropped,  // not sent: the code is of no use any more; detail: why
    kFailed,   // dead-lettered; detail: why
  };

  MessageKey key;
  int generation = 0;  // as it was taken
  Outcome outcome = Outcome::kSent;
  absl::Duration delay;
  std::string detail;  // short text without a secret
};

struct OutboxBatch {
  absl::Time now;  // the store's clock: what was true of the codes was true then
  std::vector<OutgoingMessage> ready;
  std::vector<DroppedMessage> dropped;
};

struct OutboxTurn {
  OutboxBatch taken;
  std::vector<bool> completed;  // completed[i]: completions[i] took effect
};

// Blocking; one thread per object. Each call is one transaction. Every finished row loses its
// payload in the update that finishes it. Any call may return
//   UNAVAILABLE  the store cannot be reached or is not well; nothing happened
//   UNKNOWN      no answer: it may have happened. Safe to repeat: what the first attempt completed
//                is then reported as not completed.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Completes messages (different keys) and takes those of `born` (different keys) that are still
  // under the lease they were born with. What is not there, or was taken over, is left out.
  // Taking writes nothing: the caller passes each born message once, or again after an error.
  virtual absl::StatusOr<OutboxTurn> Turn(absl::Span<const Completion> completions,
                                          absl::Span<const MessageKey> born) = 0;

  // Takes up to `limit` messages whose lease or waiting time is over, the longest overdue first,
  // under a lease of `lease`.
  virtual absl::StatusOr<OutboxBatch> Claim(int limit, absl::Duration lease) = 0;
};

// The spellings in the column `reason` and in log lines: "expired", "consumed", "superseded".
absl::string_view NameOf(DropReason reason);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_OUTBOX_H_
