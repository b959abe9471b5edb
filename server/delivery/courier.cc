#include "server/delivery/courier.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/delivery/delivery_log.h"
#include "server/runtime/check.h"
#include "server/runtime/status_macros.h"

namespace otpgate::delivery {
namespace {

using Outcome = SendResult::Outcome;

}  // namespace

bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsUnknown(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status);
}

absl::Status Courier::Turn(absl::Span<const MessageKey> born) {
  if (born.empty() && owed_.empty()) return absl::OkStatus();
  const absl::Duration asked_at = parts_.clock->Steady();
  absl::StatusOr<OutboxTurn> turn = parts_.outbox->Turn(owed_, born);
  if (!turn.ok()) {
    // What the outbox refuses for good must not stop all else. Those leases end, and somebody else
    // takes over.
    if (!MayPass(turn.status())) owed_.clear();
    return turn.status();
  }
  NoteCompleted(turn->completed);
  owed_.clear();
  counts_.taken += static_cast<int64_t>(turn->taken.ready.size() + turn->taken.dropped.size());
  Deliver(turn->taken, asked_at);
  return absl::OkStatus();
}

absl::StatusOr<bool> Courier::Claim() {
  const absl::Duration asked_at = parts_.clock->Steady();
  OTPGATE_ASSIGN_OR_RETURN(const OutboxBatch batch,
                           parts_.outbox->Claim(options_.claim_max, options_.lease));
  const size_t size = batch.ready.size() + batch.dropped.size();
  counts_.taken_over += static_cast<int64_t>(size);
  Deliver(batch, asked_at);
  return size >= static_cast<size_t>(options_.claim_max);
}

absl::Time Courier::Now(const Reading& reading) const {
  return reading.now + (parts_.clock->Steady() - reading.steady);
}

void Courier::Deliver(const OutboxBatch& batch, absl::Duration asked_at) {
  NoteDropped(batch.dropped);
  // Counted from before the question, so that the estimate is never behind the store's clock.
  const Reading reading{batch.now, asked_at};
  for (const Channel channel : {Channel::kSms, Channel::kEmail}) {
    DeliverBy(channel, batch, reading);
  }
}

void Courier::DeliverBy(Channel channel, const OutboxBatch& batch, const Reading& reading) {
  const auto sender = parts_.senders.find(channel);
  const bool can_send = sender != parts_.senders.end();
  const absl::Duration patience = can_send ? sender->second->Patience() : absl::ZeroDuration();
  std::vector<Letter> letters;
  std::vector<const OutgoingMessage*> messages;
  const absl::Time now = Now(reading);
  for (const OutgoingMessage& message : batch.ready) {
    if (message.channel != channel) continue;
    Letter letter;
    if (!Prepare(message, patience, now, letter)) continue;
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

bool Courier::Prepare(const OutgoingMessage& message, absl::Duration patience, absl::Time now,
                      Letter& letter) {
  if (now >= message.expires_at) {
    NoteDropped(
        {DroppedMessage{message.key, message.purpose, message.channel, DropReason::kExpired}});
    Owe(message, Completion::Outcome::kDropped, NameOf(DropReason::kExpired));
    return false;
  }
  if (now + patience >= message.held_until) {
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

void Courier::Settle(const OutgoingMessage& message, const SendResult& result, absl::Time now) {
  switch (result.outcome) {
    case Outcome::kSent: {
      const std::string detail = ShortText(result.detail);
      ++counts_.sent;
      LogMessage(*parts_.log, LogLevel::kInfo, "OTP_MESSAGE_SENT", message, detail);
      return Owe(message, Completion::Outcome::kSent, detail);
    }
    case Outcome::kRetry:
      return Retry(message, result, now);
    case Outcome::kRefused:
      return Fail(message, result.detail);
  }
}

void Courier::Fail(const OutgoingMessage& message, absl::string_view why) {
  ++counts_.failed;
  const std::string detail = ShortText(why);
  LogMessage(*parts_.log, LogLevel::kWarning, "OTP_MESSAGE_FAILED", message, detail);
  Owe(message, Completion::Outcome::kFailed, detail);
}

// Within the life of the code; what would come later is of no use.
void Courier::Retry(const OutgoingMessage& message, const SendResult& result, absl::Time now) {
  const absl::Duration delay =
      std::max(options_.retry.After(message.generation, *parts_.random), result.retry_after);
  if (now + delay >= message.expires_at) {
    return Fail(message, result.detail);
  }
  ++counts_.retried;
  const std::string detail = ShortText(result.detail);
  LogMessage(*parts_.log, LogLevel::kWarning, "OTP_MESSAGE_DELAYED", message, detail);
  Owe(message, Completion::Outcome::kRetry, detail, delay);
}

void Courier::Owe(const OutgoingMessage& message, Completion::Outcome outcome,
                  absl::string_view detail, absl::Duration delay) {
  owed_.push_back({.key = message.key,
                   .generation = message.generation,
                   .outcome = outcome,
                   .delay = delay,
                   .detail = std::string(detail)});
}

void Courier::NoteCompleted(const std::vector<bool>& completed) {
  OTPGATE_CHECK(completed.size() == owed_.size());
  for (size_t i = 0; i < completed.size(); ++i) {
    if (completed[i]) continue;
    ++counts_.fenced;
    LogFenced(*parts_.log, owed_[i]);
  }
}

void Courier::NoteDropped(const std::vector<DroppedMessage>& dropped) {
  counts_.dropped += static_cast<int64_t>(dropped.size());
  for (const DroppedMessage& message : dropped) LogDropped(*parts_.log, message);
}

}  // namespace otpgate::delivery
