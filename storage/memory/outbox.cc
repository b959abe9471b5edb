#include "storage/memory/outbox.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace otpgate::storage::memory {
namespace {

absl::Time InMicroseconds(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

OutboxRow* FindPending(Tables& tables, const MessageKey& key, int generation) {
  const auto place = tables.outbox_keys.find(std::tuple(key.identifier, key.id));
  if (place == tables.outbox_keys.end()) return nullptr;
  OutboxRow& row = tables.outbox[place->second];
  return row.state == OutboxState::kPending && row.generation == generation ? &row : nullptr;
}

// The reason not to send the message; none: its code is the pending one.
std::optional<DropReason> WhyNot(const Tables& tables, const OutboxRow& row, absl::Time now) {
  const Message& message = row.message;
  if (message.expires_at <= now) return DropReason::kExpired;
  const auto code = tables.codes.find(CodeKey{row.subject, message.table, message.purpose});
  if (code == tables.codes.end() || code->second.mac != message.code_mac) {
    return DropReason::kSuperseded;
  }
  if (code->second.verified_at) return DropReason::kConsumed;
  if (code->second.expires_at <= now) return DropReason::kExpired;
  return std::nullopt;
}

void Close(OutboxRow& row, OutboxState state, absl::Time now) {
  row.state = state;
  row.message.sealed.clear();
  row.finished_at = now;
}

void Apply(OutboxRow& row, const DeliveryResult& result, absl::Time now) {
  switch (result.outcome) {
    case DeliveryResult::Outcome::kSent:
      row.provider_id = result.detail;
      return Close(row, OutboxState::kSent, now);
    case DeliveryResult::Outcome::kDropped:
      row.reason = result.detail;
      return Close(row, OutboxState::kDropped, now);
    case DeliveryResult::Outcome::kFailed:
      row.reason = result.detail;
      return Close(row, OutboxState::kFailed, now);
    case DeliveryResult::Outcome::kRetry:
      row.next_try_at = InMicroseconds(now + result.delay);
      return;
  }
}

// Adds a message to the batch, or finishes it as dropped if it may not be sent.
void Take(const Tables& tables, OutboxRow& row, OutboxBatch& batch) {
  const Message& message = row.message;
  const MessageKey key{row.subject.identifier, message.id};
  if (const auto reason = WhyNot(tables, row, batch.now)) {
    row.reason = std::string(NameOf(*reason));
    Close(row, OutboxState::kDropped, batch.now);
    batch.dropped.push_back({key, message.purpose, message.channel, *reason});
    return;
  }
  batch.ready.push_back({.key = key,
                         .user_type = row.subject.user_type,
                         .purpose = message.purpose,
                         .channel = message.channel,
                         .sealed = message.sealed,
                         .generation = row.generation,
                         .created_at = message.created_at,
                         .expires_at = message.expires_at,
                         .held_until = row.next_try_at});
}

std::vector<OutboxRow*> Overdue(Tables& tables, absl::Time now, int limit) {
  std::vector<OutboxRow*> rows;
  for (OutboxRow& row : tables.outbox) {
    if (row.state == OutboxState::kPending && row.next_try_at <= now) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const OutboxRow* a, const OutboxRow* b) {
    return a->next_try_at < b->next_try_at;
  });
  rows.resize(std::min(rows.size(), static_cast<size_t>(std::max(limit, 0))));
  return rows;
}

}  // namespace

absl::StatusOr<OutboxTurn> MemoryOutbox::Turn(absl::Span<const DeliveryResult> results,
                                              absl::Span<const MessageKey> new_messages) {
  return database_->With([&](Tables& tables) {
    OutboxTurn turn;
    turn.taken.now = clock_.Load();
    for (const DeliveryResult& result : results) {
      OutboxRow* row = FindPending(tables, result.key, result.generation);
      turn.completed.push_back(row != nullptr);
      if (row != nullptr) Apply(*row, result, turn.taken.now);
    }
    for (const MessageKey& key : new_messages) {
      OutboxRow* row = FindPending(tables, key, /*generation=*/0);
      if (row != nullptr && row->next_try_at > turn.taken.now) Take(tables, *row, turn.taken);
    }
    return turn;
  });
}

absl::StatusOr<OutboxBatch> MemoryOutbox::Claim(int limit, absl::Duration lease) {
  return database_->With([&](Tables& tables) {
    OutboxBatch batch;
    batch.now = clock_.Load();
    for (OutboxRow* row : Overdue(tables, batch.now, limit)) {
      ++row->generation;
      row->next_try_at = InMicroseconds(batch.now + lease);
      Take(tables, *row, batch);
    }
    return batch;
  });
}

}  // namespace otpgate::storage::memory
