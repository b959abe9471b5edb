#include <gmock/gmock.h>

#include <string>

#include "storage/conformance/outbox_fixture.h"
#include "storage/conformance/samples.h"

// How a message is completed, and by whom.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(OutboxContract, A5_SentWipesThePayloadAndKeepsTheProvidersId) {
  const Issued issued = InsertLogin(1);
  const OutgoingMessage message = Take(issued).taken.ready.at(0);
  EXPECT_TRUE(Stored(issued.key()).has_payload);
  EXPECT_TRUE(Complete(*outbox_, Sent(message, "SM123")));
  const StoredMessage stored = Stored(issued.key());
  EXPECT_EQ(stored.state, "sent");
  EXPECT_FALSE(stored.has_payload);
  EXPECT_TRUE(stored.finished);
  EXPECT_EQ(stored.provider_id, "SM123");
  EXPECT_EQ(stored.reason, "");
  EXPECT_EQ(stored.generation, 0);
}

TEST_P(OutboxContract, A5_FailedAndDroppedWipeThePayloadAndSayWhy) {
  for (const auto outcome : {DeliveryResult::Outcome::kFailed, DeliveryResult::Outcome::kDropped}) {
    const bool failed = outcome == DeliveryResult::Outcome::kFailed;
    const Issued issued = InsertLogin(failed ? 1 : 2);
    DeliveryResult result = Failed(Take(issued).taken.ready.at(0), "because");
    result.outcome = outcome;
    EXPECT_TRUE(Complete(*outbox_, result));
    const StoredMessage stored = Stored(issued.key());
    EXPECT_EQ(stored.state, failed ? "failed" : "dropped");
    EXPECT_FALSE(stored.has_payload);
    EXPECT_TRUE(stored.finished);
    EXPECT_EQ(stored.reason, "because");
    EXPECT_EQ(stored.provider_id, "");
  }
}

TEST_P(OutboxContract, WhatIsFinishedIsNeverTakenAgain) {
  const Issued issued = InsertLogin(1);
  ASSERT_TRUE(Complete(*outbox_, Sent(Take(issued).taken.ready.at(0))));
  EXPECT_THAT(Take(issued).taken.ready, IsEmpty());
  world_->Advance(kInitialLease);
  EXPECT_THAT(Claim().ready, IsEmpty());
}

TEST_P(OutboxContract, CompletesOnce) {
  const Issued issued = InsertLogin(1);
  const OutgoingMessage message = Take(issued).taken.ready.at(0);
  EXPECT_TRUE(Complete(*outbox_, Sent(message, "first")));
  EXPECT_FALSE(Complete(*outbox_, Sent(message, "second")));
  EXPECT_FALSE(Complete(*other_, Failed(message, "third")));
  EXPECT_FALSE(Complete(*outbox_, Retry(message, absl::ZeroDuration())));
  EXPECT_EQ(Stored(issued.key()).state, "sent");
  EXPECT_EQ(Stored(issued.key()).provider_id, "first");
}

TEST_P(OutboxContract, RetryComesBackAfterItsDelayWithTheNextGeneration) {
  const Issued issued = InsertLogin(1);
  const absl::Duration delay = absl::Seconds(20);
  EXPECT_TRUE(Complete(*outbox_, Retry(Take(issued).taken.ready.at(0), delay)));
  EXPECT_EQ(Stored(issued.key()).state, "pending");
  EXPECT_TRUE(Stored(issued.key()).has_payload);
  EXPECT_FALSE(Stored(issued.key()).finished);
  world_->Advance(delay - kMargin);
  EXPECT_THAT(Claim().ready, IsEmpty());
  world_->Advance(kMargin);
  const OutboxBatch batch = Claim();
  ASSERT_THAT(KeysOf(batch.ready), ElementsAre(issued.key()));
  EXPECT_EQ(batch.ready[0].generation, 1);
  EXPECT_EQ(batch.ready[0].sealed, issued.message.sealed);
}

TEST_P(OutboxContract, H3_AHolderThatSleptPastItsLeaseCompletesNothing) {
  const Issued issued = InsertLogin(1);
  const OutgoingMessage late = Take(issued).taken.ready.at(0);
  world_->Advance(kInitialLease);
  const auto taken_over = other_->Claim(1, kLease);
  ASSERT_EQ(taken_over->ready.size(), 1u);

  EXPECT_FALSE(Complete(*outbox_, Failed(late, "stale")));
  EXPECT_FALSE(Complete(*outbox_, Sent(late, "stale")));
  EXPECT_FALSE(Complete(*outbox_, Retry(late, absl::Hours(1))));
  EXPECT_EQ(Stored(issued.key()).state, "pending");
  EXPECT_TRUE(Complete(*other_, Sent(taken_over->ready[0], "fresh")));
  EXPECT_EQ(Stored(issued.key()).provider_id, "fresh");
}

TEST_P(OutboxContract, ALateHolderMayStillCompleteWhatNobodyTookOver) {
  const Issued issued = InsertLogin(1);
  const OutgoingMessage message = Take(issued).taken.ready.at(0);
  world_->Advance(kInitialLease + kLease);
  EXPECT_TRUE(Complete(*outbox_, Sent(message)));
  EXPECT_THAT(Claim().ready, IsEmpty());
}

TEST_P(OutboxContract, OneTurnCompletesTheLastBatchAndTakesTheNext) {
  std::vector<Issued> issued;
  std::vector<MessageKey> keys;
  for (int n = 0; n < 4; ++n) {
    issued.push_back(InsertLogin(9 - n));
    keys.push_back(issued.back().key());
  }
  const std::vector<OutgoingMessage> first = Turn({}, {keys[0], keys[1]}).taken.ready;
  ASSERT_EQ(first.size(), 2u);
  DeliveryResult unknown = Sent(first[0]);
  unknown.key.id = FreshId<MessageId>(random_);
  const OutboxTurn turn =
      Turn({Sent(first[0]), unknown, Failed(first[1], "no")}, {keys[2], keys[3]});
  EXPECT_THAT(turn.completed, ElementsAre(true, false, true));
  EXPECT_THAT(KeysOf(turn.taken.ready), ::testing::UnorderedElementsAre(keys[2], keys[3]));
  const OutboxTurn empty = Turn({}, {});
  EXPECT_THAT(empty.completed, IsEmpty());
  EXPECT_THAT(empty.taken.ready, IsEmpty());
  EXPECT_GE(empty.taken.now, turn.taken.now);
}

TEST_P(OutboxContract, KeepsEveryByteOfWhatItCarries) {
  const Issued issued =
      Insert({.subject = {std::string(242, 'x') + "@example.com", UserType::kLive},
              .table = CodeTable::kSignupOtps,
              .purpose = Purpose::kLogin,
              .channel = Channel::kEmail,
              .life = absl::Hours(24),
              .suppressed = false});
  const OutgoingMessage message = Take(issued).taken.ready.at(0);
  EXPECT_EQ(message.key, issued.key());
  EXPECT_EQ(message.sealed, issued.message.sealed);
  const std::string odd = "a'b\"c\\d{,}NULL \xc3\xa4";
  EXPECT_TRUE(Complete(*outbox_, Sent(message, odd)));
  EXPECT_EQ(Stored(issued.key()).provider_id, odd);
}

}  // namespace
}  // namespace otpgate::storage::conformance
