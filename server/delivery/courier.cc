#include "server/delivery/courier.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "server/delivery/delivery_log.h"

namespace otpgate::delivery {
namespace {

using Outcome = SendResult::Outcome;

}  // namespace

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsUnknown(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status);
}

absl::Status Courier::Turn(absl::Span<const storage::MessageKey> new_messages) {
  if (new_messages.empty() && pending_results_.empty()) return absl::OkStatus();
  const absl::Duration asked_at = parts_.clock->Steady();
  absl::StatusOr<storage::OutboxTurn> turn = parts_.outbox->Turn(pending_results_, new_messages);
  if (!turn.ok()) {
    // Results that the outbox refuses for good must not stop the others. Their leases end, and the
    // messages are taken over.
    if (!MayPass(turn.status())) pending_results_.clear();
    return turn.status();
  }
  NoteCompleted(turn->completed);
  pending_results_.clear();
  counts_.taken += static_cast<int64_t>(turn->taken.ready.size() + turn->taken.dropped.size());
  Deliver(turn->taken, asked_at);
  return absl::OkStatus();
}

absl::StatusOr<bool> Courier::Claim() {
  const absl::Duration asked_at = parts_.clock->Steady();
  OTPGATE_ASSIGN_OR_RETURN(const storage::OutboxBatch batch,
                           parts_.outbox->Claim(options_.claim_max, options_.lease));
  const size_t size = batch.ready.size() + batch.dropped.size();
  counts_.taken_over += static_cast<int64_t>(size);
  Deliver(batch, asked_at);
  return size >= static_cast<size_t>(options_.claim_max);
}

absl::Time Courier::Now(const Reading& reading) const {
  return reading.now + (parts_.clock->Steady() - reading.steady);
}

void Courier::Deliver(const storage::OutboxBatch& batch, absl::Duration asked_at) {
  NoteDropped(batch.dropped);
  // Steady time is read before the request, so that the estimate is never behind the store's clock.
  const Reading reading{batch.now, asked_at};
  for (const storage::Channel channel : {storage::Channel::kSms, storage::Channel::kEmail}) {
    DeliverBy(channel, batch, reading);
  }
}

void Courier::DeliverBy(storage::Channel channel, const storage::OutboxBatch& batch,
                        const Reading& reading) {
  const auto sender = parts_.senders.find(channel);
  const bool can_send = sender != parts_.senders.end();
  const absl::Duration send_timeout =
      can_send ? sender->second->SendTimeout() : absl::ZeroDuration();
  std::vector<Letter> letters;
  std::vector<const storage::OutgoingMessage*> messages;
  const absl::Time now = Now(reading);
  for (const storage::OutgoingMessage& message : batch.ready) {
    if (message.channel != channel) continue;
    Letter letter;
    if (!Prepare(message, send_timeout, now, letter)) continue;
    if (!can_send) {
      Fail(message, "no_sender");
      continue;
    }
    letters.push_back(std::move(letter));
    messages.push_back(&message);
  }
  if (letters.empty()) return;
  const std::vector<SendResult> results = sender->second->Send(letters);
  OTPGATE_CHECK(results.size() == messages.size());
  const absl::Time sent_at = Now(reading);
  for (size_t i = 0; i < results.size(); ++i) Settle(*messages[i], results[i], sent_at);
}

bool Courier::Prepare(const storage::OutgoingMessage& message, absl::Duration send_timeout,
                      absl::Time now, Letter& letter) {
  if (now >= message.expires_at) {
    NoteDropped({storage::DroppedMessage{message.key, message.purpose, message.channel,
                                         storage::DropReason::kExpired}});
    AddResult(message, storage::DeliveryResult::Outcome::kDropped,
              NameOf(storage::DropReason::kExpired));
    return false;
  }
  if (now + send_timeout >= message.held_until) {
    ++counts_.lapsed;
    return false;
  }
  if (message.generation > options_.take_overs_max) {
    Fail(message, "taken_over_too_often");
    return false;
  }
  absl::StatusOr<Letter> composed = parts_.composer->Compose(message, now);
  if (!composed.ok()) {
    Fail(message, composed.status().message());
    return false;
  }
  letter = *std::move(composed);
  return true;
}

void Courier::Settle(const storage::OutgoingMessage& message, const SendResult& result,
                     absl::Time now) {
  switch (result.outcome) {
    case Outcome::kSent: {
      const std::string detail = ShortText(result.detail);
      ++counts_.sent;
      LogMessage(*parts_.log, LogLevel::kInfo, "OTP_MESSAGE_SENT", message, detail);
      return AddResult(message, storage::DeliveryResult::Outcome::kSent, detail);
    }
    case Outcome::kRetry:
      return Retry(message, result, now);
    case Outcome::kRefused:
      return Fail(message, result.detail);
  }
}

void Courier::Fail(const storage::OutgoingMessage& message, absl::string_view why) {
  ++counts_.failed;
  const std::string detail = ShortText(why);
  LogMessage(*parts_.log, LogLevel::kWarning, "OTP_MESSAGE_FAILED", message, detail);
  AddResult(message, storage::DeliveryResult::Outcome::kFailed, detail);
}

// Only within the life of the code: a later message is of no use.
void Courier::Retry(const storage::OutgoingMessage& message, const SendResult& result,
                    absl::Time now) {
  const absl::Duration delay =
      std::max(options_.retry.After(message.generation, *parts_.random), result.retry_after);
  if (now + delay >= message.expires_at) {
    return Fail(message, result.detail);
  }
  ++counts_.retried;
  const std::string detail = ShortText(result.detail);
  LogMessage(*parts_.log, LogLevel::kWarning, "OTP_MESSAGE_DELAYED", message, detail);
  AddResult(message, storage::DeliveryResult::Outcome::kRetry, detail, delay);
}

void Courier::AddResult(const storage::OutgoingMessage& message,
                        storage::DeliveryResult::Outcome outcome, absl::string_view detail,
                        absl::Duration delay) {
  pending_results_.push_back({.key = message.key,
                              .generation = message.generation,
                              .outcome = outcome,
                              .delay = delay,
                              .detail = std::string(detail)});
}

void Courier::NoteCompleted(const std::vector<bool>& completed) {
  OTPGATE_CHECK(completed.size() == pending_results_.size());
  for (size_t i = 0; i < completed.size(); ++i) {
    if (completed[i]) continue;
    ++counts_.fenced;
    LogFenced(*parts_.log, pending_results_[i]);
  }
}

void Courier::NoteDropped(const std::vector<storage::DroppedMessage>& dropped) {
  counts_.dropped += static_cast<int64_t>(dropped.size());
  for (const storage::DroppedMessage& message : dropped) LogDropped(*parts_.log, message);
}

}  // namespace otpgate::delivery
