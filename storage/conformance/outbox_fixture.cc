#include "storage/conformance/outbox_fixture.h"

#include <algorithm>
#include <utility>

#include "storage/conformance/samples.h"
#include "tests/support/status_matchers.h"

namespace otpgate::storage::conformance {
namespace {

DeliveryResult ResultOf(const OutgoingMessage& message, DeliveryResult::Outcome outcome) {
  return {.key = message.key,
          .generation = message.generation,
          .outcome = outcome,
          .delay = absl::ZeroDuration(),
          .detail = ""};
}

Message MessageFor(const Issue& issue, const Code& code, Random& random) {
  return {.id = FreshId<MessageId>(random),
          .otp_id = code.id,
          .code_mac = code.mac,
          .table = code.table,
          .purpose = code.purpose,
          .channel = issue.channel,
          .state = issue.suppressed ? MessageState::kSuppressed : MessageState::kPending,
          .sealed = issue.suppressed ? "" : FreshBytes(random, 90),
          .created_at = code.created_at,
          .expires_at = code.expires_at};
}

bool IsIn(const Code& code, CodeTable table, Purpose purpose) {
  return code.table == table && code.purpose == purpose;
}

void Put(std::vector<Code>& codes, const Code& code) {
  std::erase_if(codes, [&](const Code& c) { return IsIn(c, code.table, code.purpose); });
  codes.push_back(code);
}

}  // namespace

OutboxContract::OutboxContract()
    : world_(GetParam().make()), outbox_(world_->NewOutbox()), other_(world_->NewOutbox()) {}

void OutboxContract::Edit(const SubjectKey& subject,
                          const std::function<void(Change<Subject>&)>& edit) {
  const SubjectAsk ask{subject, false, {}};
  const auto loaded = world_->store().Load({&ask, 1});
  ASSERT_OK(loaded);
  Change<Subject> change{.key = subject,
                         .expected = loaded->rows[0].version,
                         .version = FreshVersion(random_),
                         .before = loaded->rows[0].state,
                         .state = loaded->rows[0].state,
                         .effects = {}};
  change.state.updated_at = loaded->now;
  edit(change);
  const auto won = world_->store().Write({&change, 1}, absl::InfiniteFuture());
  ASSERT_OK(won);
  ASSERT_TRUE((*won)[0]);
}

Issued OutboxContract::Insert(const Issue& issue) {
  Issued issued{.issue = issue, .code = {}, .message = {}};
  Edit(issue.subject, [&](Change<Subject>& change) {
    Code& code = issued.code;
    code = SampleCode(issue.table, issue.purpose, random_);
    code.attempts = 0;
    code.created_at = change.state.updated_at;
    code.expires_at = code.created_at + issue.life;
    if (issue.purpose != Purpose::kLogin) code.user_id = FreshId<UserId>(random_);
    issued.message = MessageFor(issue, code, random_);
    Put(change.state.codes, code);
    change.effects.messages = {issued.message};
  });
  return issued;
}

Issued OutboxContract::InsertLogin(int n) {
  return Insert({.subject = SampleSubject(n),
                 .table = CodeTable::kSignupOtps,
                 .purpose = Purpose::kLogin,
                 .channel = Channel::kSms,
                 .life = kCodeLife,
                 .suppressed = false});
}

void OutboxContract::Rewrite(const Issued& issued, const std::function<void(Code&)>& edit) {
  Edit(issued.issue.subject, [&](Change<Subject>& change) {
    for (Code& code : change.state.codes) {
      if (IsIn(code, issued.issue.table, issued.issue.purpose)) edit(code);
    }
  });
}

Issued OutboxContract::InsertSpoiled(const Issue& issue,
                                     const std::function<void(Code&)>& rewrite) {
  Issued issued = Insert(issue);
  if (rewrite) {
    Rewrite(issued, rewrite);
  } else {
    world_->DeleteCode(issue.subject, issue.table, issue.purpose);
  }
  return issued;
}

OutboxTurn OutboxContract::Turn(const std::vector<DeliveryResult>& results,
                                const std::vector<MessageKey>& new_messages) {
  absl::StatusOr<OutboxTurn> turn = outbox_->Turn(results, new_messages);
  EXPECT_OK(turn);
  return turn.ok() ? *std::move(turn) : OutboxTurn{};
}

OutboxBatch OutboxContract::Claim(int limit) {
  absl::StatusOr<OutboxBatch> batch = outbox_->Claim(limit, kLease);
  EXPECT_OK(batch);
  return batch.ok() ? *std::move(batch) : OutboxBatch{};
}

bool OutboxContract::Complete(Outbox& outbox, const DeliveryResult& result) {
  const absl::StatusOr<OutboxTurn> turn = outbox.Turn({&result, 1}, {});
  EXPECT_OK(turn);
  return turn.ok() && turn->completed.at(0);
}

StoredMessage OutboxContract::Stored(const MessageKey& key) {
  for (const StoredMessage& message : world_->Messages()) {
    if (message.key == key) return message;
  }
  ADD_FAILURE() << "no such message";
  return {};
}

void OutboxContract::ExpectDropped(const OutboxBatch& batch, const Issued& issued,
                                   DropReason reason) {
  EXPECT_TRUE(batch.ready.empty());
  ASSERT_EQ(batch.dropped.size(), 1u);
  EXPECT_EQ(batch.dropped[0].key, issued.key());
  EXPECT_EQ(batch.dropped[0].purpose, issued.issue.purpose);
  EXPECT_EQ(batch.dropped[0].channel, issued.issue.channel);
  EXPECT_EQ(batch.dropped[0].reason, reason);
  const StoredMessage stored = Stored(issued.key());
  EXPECT_EQ(stored.state, "dropped");
  EXPECT_EQ(stored.reason, NameOf(reason));
  EXPECT_FALSE(stored.has_payload);
  EXPECT_TRUE(stored.finished);
}

DeliveryResult Sent(const OutgoingMessage& message, std::string provider_id) {
  DeliveryResult result = ResultOf(message, DeliveryResult::Outcome::kSent);
  result.detail = std::move(provider_id);
  return result;
}

DeliveryResult Failed(const OutgoingMessage& message, std::string why) {
  DeliveryResult result = ResultOf(message, DeliveryResult::Outcome::kFailed);
  result.detail = std::move(why);
  return result;
}

DeliveryResult Retry(const OutgoingMessage& message, absl::Duration delay) {
  DeliveryResult result = ResultOf(message, DeliveryResult::Outcome::kRetry);
  result.delay = delay;
  return result;
}

std::vector<MessageKey> KeysOf(const std::vector<OutgoingMessage>& messages) {
  std::vector<MessageKey> keys;
  for (const OutgoingMessage& message : messages) keys.push_back(message.key);
  return keys;
}

}  // namespace otpgate::storage::conformance
