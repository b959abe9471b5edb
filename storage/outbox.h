#ifndef OTPGATE_STORAGE_OUTBOX_H_
#define OTPGATE_STORAGE_OUTBOX_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "storage/types.h"

// The dispatcher's side of the table `outbox`: messages that wait to be sent. Store<Subject>::Write
// inserts them, in the transaction of their code. storage/conformance proves this contract.
//
// The holder of a message's lease may send it, once. A message is inserted under a lease of the
// server that wrote it (generation 0), so that the common message needs one update in its life:
// the one that finishes it. When a lease ends, any server may Claim the message. Each claim adds 1
// to the generation, which fences the lease: a result names the generation of its holder, so a
// holder that was suspended past the end of its lease completes nothing.
namespace otpgate::storage {

// The lease of a new message: next_try_at = created_at + kInitialLease. A message whose server died
// before sending it waits as long.
inline constexpr absl::Duration kInitialLease = absl::Seconds(5);

struct MessageKey {
  std::string identifier;
  MessageId id;

  friend bool operator==(const MessageKey&, const MessageKey&) = default;
};

// A message that its holder may send now: it carries the pending code of its subject.
struct OutgoingMessage {
  MessageKey key;
  UserType user_type = UserType::kLive;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  std::string sealed;
  int generation = 0;  // of the lease: how often the message was claimed
  absl::Time created_at;
  absl::Time expires_at;  // of the code
  absl::Time held_until;  // of the lease; nobody else takes it before
};

enum class DropReason { kExpired, kConsumed, kSuperseded };

// A message that was finished unsent, because its code cannot be used any more.
struct DroppedMessage {
  MessageKey key;
  Purpose purpose = Purpose::kLogin;
  Channel channel = Channel::kSms;
  DropReason reason = DropReason::kSuperseded;
};

// How the delivery of a message ended, for now or for good.
struct DeliveryResult {
  enum class Outcome {
    kSent,     // the provider accepted it; detail: the provider's id, or empty
    kRetry,    // due again after `delay`; detail: why
    kDropped,  // not sent: the code cannot be used any more; detail: why
    kFailed,   // dead-lettered; detail: why
  };

  MessageKey key;
  int generation = 0;  // of the lease under which it was taken
  Outcome outcome = Outcome::kSent;
  absl::Duration delay;
  std::string detail;  // short text without a secret
};

struct OutboxBatch {
  absl::Time now;  // the store's clock when the codes were checked
  std::vector<OutgoingMessage> ready;
  std::vector<DroppedMessage> dropped;
};

struct OutboxTurn {
  OutboxBatch taken;
  std::vector<bool> completed;  // completed[i]: results[i] took effect
};

// Blocking; one thread per object. Each call is one transaction. Every finished row loses its
// payload in the update that finishes it. Any call may return
//   UNAVAILABLE  the store cannot be reached or is not well; nothing happened
//   UNKNOWN      no answer: it may have happened. Safe to repeat: what the first attempt completed
//                is then reported as not completed.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Records `results` (different keys) and takes those of `new_messages` (different keys) that are
  // still under their initial lease. Messages that are not there or were taken over are left out.
  // Taking a message that may be sent writes nothing, so the store does not notice a message that
  // is taken twice: the caller passes each new message once, or again after an error.
  virtual absl::StatusOr<OutboxTurn> Turn(absl::Span<const DeliveryResult> results,
                                          absl::Span<const MessageKey> new_messages) = 0;

  // Takes up to `limit` messages whose lease or delay is over, the longest overdue first, for
  // `lease`.
  virtual absl::StatusOr<OutboxBatch> Claim(int limit, absl::Duration lease) = 0;
};

// The names in the column `reason` and in log lines: "expired", "consumed", "superseded".
absl::string_view NameOf(DropReason reason);

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_OUTBOX_H_
