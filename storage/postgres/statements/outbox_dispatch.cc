#include "storage/postgres/statements/outbox_dispatch.h"

#include "absl/strings/str_cat.h"

namespace otpgate::storage::postgres {
namespace {

// Two forms keep the planner from plans that suit an empty table, which it may keep for a large
// one:
// - A guard uses `sealed IS NOT NULL`, which is true exactly while the state is 'pending'. With a
//   guard on `state` the planner would use the partial index outbox_due_idx and read all pending
//   messages.
// - Rows are joined by `identifier = ANY (ARRAY[...])`. With `=` the planner may scan the whole
//   primary key in its order and search for each row among the few that are asked for.

// Selects messages `o` with a verdict on their code: 'ready', or why a message may not be sent. The
// code row is read in the snapshot of the message.
constexpr absl::string_view kJudgedMessage = R"sql(
SELECT o.identifier, o.id, o.user_type, o.purpose, o.channel, o.sealed, o.generation, o.created_at,
       o.expires_at, o.next_try_at,
       coalesce(CASE WHEN o.expires_at <= statement_timestamp() THEN 'expired'
                     WHEN o.code_table = 'signup_otps' THEN (
         SELECT CASE WHEN c.is_verified THEN 'consumed'
                     WHEN c.expires_at <= statement_timestamp() THEN 'expired'
                     ELSE 'ready' END
           FROM signup_otps c
          WHERE c.identifier = o.identifier AND c.user_type = o.user_type
            AND c.code_mac = o.code_mac)
                     ELSE (
         SELECT CASE WHEN c.is_verified THEN 'consumed'
                     WHEN c.expires_at <= statement_timestamp() THEN 'expired'
                     ELSE 'ready' END
           FROM otp_sessions c
          WHERE c.identifier = o.identifier AND c.user_type = o.user_type
            AND c.purpose = o.purpose AND c.code_mac = o.code_mac)
                END, 'superseded') AS verdict
)sql";

constexpr absl::string_view kTurn = R"sql(
  FROM unnest($8::text[], $9::bytea[]) AS ask (identifier, id)
  JOIN outbox o ON o.identifier = ANY (ARRAY[ask.identifier]) AND o.id = ask.id
 WHERE o.sealed IS NOT NULL AND o.generation = 0 AND o.next_try_at > statement_timestamp()
), closing AS MATERIALIZED (
SELECT n, identifier, id, generation, state, delay, reason, provider_id
  FROM (SELECT i.n, i.identifier, i.id, i.generation, i.state, i.delay, i.reason, i.provider_id
          FROM unnest($1::text[], $2::bytea[], $3::integer[], $4::text[], $5::bigint[],
                      $6::text[], $7::text[]) WITH ORDINALITY
               AS i (identifier, id, generation, state, delay, reason, provider_id, n)
        UNION ALL
        SELECT NULL, t.identifier, t.id, t.generation, 'dropped', 0, t.verdict, NULL
          FROM taken t
         WHERE t.verdict <> 'ready') c
 ORDER BY identifier COLLATE "C", id
), closed AS (
UPDATE outbox o
   SET state = c.state,
       sealed = CASE WHEN c.state = 'pending' THEN o.sealed END,
       next_try_at = CASE WHEN c.state = 'pending'
                          THEN statement_timestamp() + c.delay * interval '1 microsecond'
                          ELSE o.next_try_at END,
       finished_at = CASE WHEN c.state <> 'pending' THEN statement_timestamp() END,
       reason = c.reason,
       provider_id = c.provider_id
  FROM closing c
 WHERE o.identifier = ANY (ARRAY[c.identifier]) AND o.id = c.id
   AND o.generation = c.generation AND o.sealed IS NOT NULL
RETURNING c.n
)
SELECT NULL::bigint, NULL::bytea, verdict, identifier, id, user_type, purpose, channel, sealed,
       generation, timestamptz_send(created_at), timestamptz_send(expires_at),
       timestamptz_send(next_try_at)
  FROM taken
UNION ALL
SELECT n, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM closed
 WHERE n IS NOT NULL
UNION ALL
SELECT 0, timestamptz_send(statement_timestamp()), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL
)sql";

constexpr absl::string_view kClaim = R"sql(
  FROM outbox o
 WHERE o.state = 'pending' AND o.next_try_at <= statement_timestamp()
 ORDER BY o.next_try_at
 LIMIT ($1::integer[])[1]
), judged AS MATERIALIZED (
SELECT identifier, id, generation, next_try_at, verdict FROM due ORDER BY identifier, id
), taken AS (
UPDATE outbox o
   SET generation = o.generation + 1,
       state = CASE WHEN j.verdict = 'ready' THEN 'pending' ELSE 'dropped' END,
       sealed = CASE WHEN j.verdict = 'ready' THEN o.sealed END,
       next_try_at = statement_timestamp() + ($2::bigint[])[1] * interval '1 microsecond',
       finished_at = CASE WHEN j.verdict <> 'ready' THEN statement_timestamp() END,
       reason = CASE WHEN j.verdict <> 'ready' THEN j.verdict END
  FROM judged j
 WHERE o.identifier = ANY (ARRAY[j.identifier]) AND o.id = j.id
   AND o.generation = j.generation AND o.next_try_at = j.next_try_at AND o.sealed IS NOT NULL
RETURNING j.verdict, o.identifier, o.id, o.user_type, o.purpose, o.channel, o.sealed, o.generation,
          o.created_at, o.expires_at, o.next_try_at
)
SELECT NULL::bigint, NULL::bytea, verdict, identifier, id, user_type, purpose, channel, sealed,
       generation, timestamptz_send(created_at), timestamptz_send(expires_at),
       timestamptz_send(next_try_at)
  FROM taken
UNION ALL
SELECT 0, timestamptz_send(statement_timestamp()), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL
)sql";

absl::string_view StateAfter(DeliveryResult::Outcome outcome) {
  switch (outcome) {
    case DeliveryResult::Outcome::kSent:
      return "sent";
    case DeliveryResult::Outcome::kRetry:
      return "pending";
    case DeliveryResult::Outcome::kDropped:
      return "dropped";
    case DeliveryResult::Outcome::kFailed:
      return "failed";
  }
  return "failed";
}

void AddUnlessEmpty(TextArray& array, absl::string_view text) {
  text.empty() ? array.AddNull() : array.Add(text);
}

}  // namespace

const Statement kTurnOutbox{"turn_outbox",
                            absl::StrCat("WITH taken AS MATERIALIZED (", kJudgedMessage, kTurn)};
const Statement kClaimOutbox{"claim_outbox",
                             absl::StrCat("WITH due AS MATERIALIZED (", kJudgedMessage, kClaim)};

DeliveryResultColumns::DeliveryResultColumns()
    : Columns({&identifier_, &id_, &generation_, &state_, &delay_, &reason_, &provider_id_}) {}

void DeliveryResultColumns::Add(const DeliveryResult& result) {
  const bool sent = result.outcome == DeliveryResult::Outcome::kSent;
  identifier_.Add(result.key.identifier);
  id_.Add(result.key.id.bytes);
  generation_.Add(result.generation);
  state_.Add(StateAfter(result.outcome));
  delay_.Add(absl::ToInt64Microseconds(result.delay));
  AddUnlessEmpty(reason_, sent ? absl::string_view() : result.detail);
  AddUnlessEmpty(provider_id_, sent ? result.detail : absl::string_view());
}

NewMessageColumns::NewMessageColumns() : Columns({&identifier_, &id_}) {}

void NewMessageColumns::Add(const MessageKey& key) {
  identifier_.Add(key.identifier);
  id_.Add(key.id.bytes);
}

ClaimColumns::ClaimColumns() : Columns({&limit_, &lease_}) {}

void ClaimColumns::Add(int limit, absl::Duration lease) {
  limit_.Add(limit);
  lease_.Add(absl::ToInt64Microseconds(lease));
}

}  // namespace otpgate::storage::postgres
