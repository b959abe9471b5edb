#include "storage/postgres/pg_outbox.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "storage/postgres/row_reader.h"

namespace otpgate::storage::postgres {
namespace {

DropReason DropReasonFrom(absl::string_view verdict) {
  if (verdict == NameOf(DropReason::kExpired)) return DropReason::kExpired;
  if (verdict == NameOf(DropReason::kConsumed)) return DropReason::kConsumed;
  return DropReason::kSuperseded;
}

void ReadMessage(RowReader& in, OutboxBatch& batch) {
  const std::string verdict = in.Text();
  OutgoingMessage message;
  message.key.identifier = in.Text();
  message.key.id.bytes = in.IdBytes();
  message.user_type = in.NextUserType();
  message.purpose = in.NextPurpose();
  message.channel = in.Text() == NameOf(Channel::kEmail) ? Channel::kEmail : Channel::kSms;
  if (verdict != "ready") {
    batch.dropped.push_back(
        {std::move(message.key), message.purpose, message.channel, DropReasonFrom(verdict)});
    return;
  }
  message.sealed = in.Bytes();
  message.generation = in.Int();
  message.created_at = in.Time();
  message.expires_at = in.Time();
  message.held_until = in.Time();
  batch.ready.push_back(std::move(message));
}

void ReadLine(RowReader& in, OutboxTurn& turn) {
  const bool is_message = in.NextIsNull();
  const int64_t n = in.Int64();
  if (is_message) {
    in.Skip(1);
    ReadMessage(in, turn.taken);
  } else if (n == 0) {
    turn.taken.now = in.Time();
  } else {
    turn.completed.at(static_cast<size_t>(n - 1)) = true;
  }
}

}  // namespace

PgOutbox::PgOutbox(pg::ConnectionOptions options)
    : connection_(std::move(options), {&kTurnOutbox, &kClaimOutbox}) {}

absl::StatusOr<OutboxTurn> PgOutbox::Turn(absl::Span<const DeliveryResult> results,
                                          absl::Span<const MessageKey> new_messages) {
  results_.Clear();
  new_messages_.Clear();
  for (const DeliveryResult& result : results) results_.Add(result);
  for (const MessageKey& key : new_messages) new_messages_.Add(key);
  Params params;
  results_.AppendTo(params);
  new_messages_.AppendTo(params);
  OutboxTurn turn;
  turn.completed.resize(results.size());
  OTPGATE_RETURN_IF_ERROR(connection_.Run(
      kTurnOutbox, params, [&](RowReader& in) { ReadLine(in, turn); }, pg::OnLoss::kInDoubt));
  return turn;
}

absl::StatusOr<OutboxBatch> PgOutbox::Claim(int limit, absl::Duration lease) {
  ClaimColumns columns;
  columns.Add(limit, lease);
  OutboxTurn turn;
  OTPGATE_RETURN_IF_ERROR(connection_.Run(
      kClaimOutbox, columns.ToParams(), [&](RowReader& in) { ReadLine(in, turn); },
      pg::OnLoss::kInDoubt));
  return std::move(turn.taken);
}

}  // namespace otpgate::storage::postgres
