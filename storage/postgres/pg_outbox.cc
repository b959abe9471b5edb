#include "storage/postgres/pg_outbox.h"

#include <string>
#include <utility>

#include "server/runtime/status_macros.h"
#include "storage/postgres/row_reader.h"

namespace otpgate {
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

PgOutbox::PgOutbox(PgOptions options)
    : session_(std::move(options), {&kTurnOutbox, &kClaimOutbox}) {}

absl::StatusOr<OutboxTurn> PgOutbox::Turn(absl::Span<const Completion> completions,
                                          absl::Span<const MessageKey> born) {
  completions_.Clear();
  born_.Clear();
  for (const Completion& completion : completions) completions_.Add(completion);
  for (const MessageKey& key : born) born_.Add(key);
  Params params;
  completions_.AppendTo(params);
  born_.AppendTo(params);
  OutboxTurn turn;
  turn.completed.resize(completions.size());
  OTPGATE_RETURN_IF_ERROR(session_.Run(
      kTurnOutbox, params, [&](RowReader& in) { ReadLine(in, turn); }, OnLoss::kInDoubt));
  return turn;
}

absl::StatusOr<OutboxBatch> PgOutbox::Claim(int limit, absl::Duration lease) {
  ClaimColumns columns;
  columns.Add(limit, lease);
  OutboxTurn turn;
  OTPGATE_RETURN_IF_ERROR(session_.Run(
      kClaimOutbox, columns.ToParams(), [&](RowReader& in) { ReadLine(in, turn); },
      OnLoss::kInDoubt));
  return std::move(turn.taken);
}

}  // namespace otpgate
