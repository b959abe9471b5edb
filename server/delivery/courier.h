#ifndef OTPGATE_SERVER_DELIVERY_COURIER_H_
#define OTPGATE_SERVER_DELIVERY_COURIER_H_

#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/delivery/back_off.h"
#include "server/delivery/composer.h"
#include "server/delivery/counts.h"
#include "server/delivery/sender.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "storage/outbox.h"

namespace otpgate::delivery {

// Whether the outbox may do what it did not do now when asked again.
bool MayPass(const absl::Status& status);

// Carries messages from the outbox to their senders, step by step: no thread, no waiting of its
// own.
//
// Before each hand-over it holds the store's clock, counted on by steady time, against the expiry
// of the code and the end of the lease. What it sent it owes to the outbox until the next step
// tells; it takes nothing new while the outbox does not answer. Events, with masked identifiers:
// OTP_MESSAGE_SENT, _DROPPED, _DELAYED, _FAILED, _FENCED.
//
// One thread per object.
class Courier {
 public:
  struct Options {
    int claim_max = 64;
    absl::Duration lease = absl::Seconds(15);
    // A message taken over more often is dead-lettered unseen: it may be what ended its holders.
    // More than the retries that fit into the ten minutes of a code.
    int take_overs_max = 32;
    BackOff retry;
  };

  // All pointers outlive the courier.
  struct Parts {
    std::unique_ptr<Outbox> outbox;
    std::map<Channel, std::unique_ptr<Sender>> senders;
    const Composer* composer = nullptr;
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
  };

  Courier(Parts parts, Options options) : parts_(std::move(parts)), options_(options) {}

  // Completes what is owed, then sends what was born here. Nothing of `born` was sent on an error;
  // it may be passed again, or left until its lease ends.
  absl::Status Turn(absl::Span<const MessageKey> born);

  // Sends what nobody holds. True: there may be more. Call when nothing is owed.
  absl::StatusOr<bool> Claim();

  bool owes() const { return !owed_.empty(); }
  const Counts& counts() const { return counts_; }

 private:
  // A store's clock, counted on by steady time.
  struct Reading {
    absl::Time now;
    absl::Duration steady;
  };

  absl::Time Now(const Reading& reading) const;
  void Deliver(const OutboxBatch& batch, absl::Duration asked_at);
  void DeliverBy(Channel channel, const OutboxBatch& batch, const Reading& reading);
  // True: `letter` is to be sent now. Otherwise the message was dealt with.
  bool Prepare(const OutgoingMessage& message, absl::Duration patience, absl::Time now,
               Letter& letter);
  void Settle(const OutgoingMessage& message, const SendResult& result, absl::Time now);
  void Fail(const OutgoingMessage& message, absl::string_view why);
  void Retry(const OutgoingMessage& message, const SendResult& result, absl::Time now);
  void Owe(const OutgoingMessage& message, Completion::Outcome outcome, absl::string_view detail,
           absl::Duration delay = absl::ZeroDuration());
  void NoteCompleted(const std::vector<bool>& completed);
  void NoteDropped(const std::vector<DroppedMessage>& dropped);

  Parts parts_;
  const Options options_;
  std::vector<Completion> owed_;
  Counts counts_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_COURIER_H_
