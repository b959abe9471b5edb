#ifndef OTPGATE_SERVER_DELIVERY_COURIER_H_
#define OTPGATE_SERVER_DELIVERY_COURIER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/delivery/back_off.h"
#include "server/delivery/composer.h"
#include "server/delivery/sender.h"
#include "storage/outbox.h"

namespace otpgate::delivery {

// What became of messages since the start of this process.
struct Counts {
  int64_t taken = 0;       // under their initial lease
  int64_t taken_over = 0;  // after a lease or the wait for a retry had ended
  int64_t sent = 0;
  int64_t dropped = 0;   // not sent: the code was used, replaced or expired
  int64_t retried = 0;   // to be tried again
  int64_t failed = 0;    // dead-lettered
  int64_t lapsed = 0;    // not sent: too little of the lease was left
  int64_t fenced = 0;    // completed after another holder took over: maybe sent twice
  int64_t not_kept = 0;  // enqueued while too many waited; taken over later

  friend bool operator==(const Counts&, const Counts&) = default;
};

// Whether the error may pass: the outbox may do later what it did not do now.
bool MayPass(const absl::Status& status);

// Takes messages from the outbox, hands them to their senders and tells the outbox the results. It
// has no thread and no timer.
//
// Before each hand-over it compares the store's clock (as last read, plus the steady time since)
// with the expiry of the code and the end of the lease. It keeps results until the outbox has taken
// them, and takes no new messages before. Events, with masked identifiers: OTP_MESSAGE_SENT,
// _DROPPED, _DELAYED, _FAILED, _FENCED.
//
// One thread per object.
class Courier {
 public:
  struct Options {
    int claim_max = 64;
    absl::Duration lease = absl::Seconds(15);
    // A message taken over more often is dead-lettered without being opened: it may be what killed
    // its holders. The limit is above the retries that fit into the ten minutes of a code.
    int take_overs_max = 32;
    BackOff retry;
  };

  // All pointers outlive the courier.
  struct Parts {
    std::unique_ptr<storage::Outbox> outbox;
    std::map<storage::Channel, std::unique_ptr<Sender>> senders;
    const Composer* composer = nullptr;
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
  };

  Courier(Parts parts, Options options) : parts_(std::move(parts)), options_(options) {}

  // Tells the outbox the results so far, then sends `new_messages`, which this server committed.
  // After an error none of them was sent; pass them again, or leave them until their leases end.
  absl::Status Turn(absl::Span<const storage::MessageKey> new_messages);

  // Takes over and sends messages that nobody holds. True: there may be more. Call it when
  // has_pending_results() is false.
  absl::StatusOr<bool> Claim();

  // There are results that the outbox has not been told.
  bool has_pending_results() const { return !pending_results_.empty(); }
  const Counts& counts() const { return counts_; }

 private:
  // The clock of the store, and when it was read.
  struct Reading {
    absl::Time now;
    absl::Duration steady;
  };

  absl::Time Now(const Reading& reading) const;
  void Deliver(const storage::OutboxBatch& batch, absl::Duration asked_at);
  void DeliverBy(storage::Channel channel, const storage::OutboxBatch& batch,
                 const Reading& reading);
  // True: `letter` is to be sent now. False: nothing is to be sent.
  bool Prepare(const storage::OutgoingMessage& message, absl::Duration send_timeout, absl::Time now,
               Letter& letter);
  void Settle(const storage::OutgoingMessage& message, const SendResult& result, absl::Time now);
  void Fail(const storage::OutgoingMessage& message, absl::string_view why);
  void Retry(const storage::OutgoingMessage& message, const SendResult& result, absl::Time now);
  void AddResult(const storage::OutgoingMessage& message, storage::DeliveryResult::Outcome outcome,
                 absl::string_view detail, absl::Duration delay = absl::ZeroDuration());
  void NoteCompleted(const std::vector<bool>& completed);
  void NoteDropped(const std::vector<storage::DroppedMessage>& dropped);

  Parts parts_;
  const Options options_;
  std::vector<storage::DeliveryResult> pending_results_;
  Counts counts_;
};

}  // namespace otpgate::delivery

#endif  // OTPGATE_SERVER_DELIVERY_COURIER_H_
