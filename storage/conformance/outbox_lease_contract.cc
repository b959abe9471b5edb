#include <gmock/gmock.h>

#include <set>
#include <string>
#include <thread>

#include "absl/synchronization/barrier.h"
#include "storage/conformance/outbox_fixture.h"
#include "storage/conformance/samples.h"
#include "tests/support/status_matchers.h"

// Who holds a message, and for how long.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_P(OutboxContract, TakesWhatWasInsertedHere) {
  const Issued issued = Insert({.subject = {"test@example.com", UserType::kDemo},
                                .table = CodeTable::kOtpSessions,
                                .purpose = Purpose::kVerifyEmail,
                                .channel = Channel::kEmail,
                                .life = kCodeLife,
                                .suppressed = false});
  const OutboxTurn turn = Take(issued);
  ASSERT_EQ(turn.taken.ready.size(), 1u);
  const OutgoingMessage& message = turn.taken.ready[0];
  EXPECT_EQ(message.key, issued.key());
  EXPECT_EQ(message.user_type, UserType::kDemo);
  EXPECT_EQ(message.purpose, Purpose::kVerifyEmail);
  EXPECT_EQ(message.channel, Channel::kEmail);
  EXPECT_EQ(message.sealed, issued.message.sealed);
  EXPECT_EQ(message.generation, 0);
  EXPECT_EQ(message.created_at, issued.message.created_at);
  EXPECT_EQ(message.expires_at, issued.message.expires_at);
  EXPECT_EQ(message.held_until, issued.message.created_at + kInitialLease);
  EXPECT_GE(turn.taken.now, issued.message.created_at);
  EXPECT_LT(turn.taken.now, issued.message.created_at + kMargin);
}

TEST_P(OutboxContract, TakingANewMessageWritesNothingSoThatItCanBeRepeated) {
  const Issued issued = InsertLogin(1);
  EXPECT_THAT(KeysOf(Take(issued).taken.ready), ElementsAre(issued.key()));
  EXPECT_THAT(KeysOf(Take(issued).taken.ready), ElementsAre(issued.key()));
  EXPECT_EQ(Stored(issued.key()).generation, 0);
}

TEST_P(OutboxContract, NobodyElseClaimsWithinTheInitialLease) {
  const Issued issued = InsertLogin(1);
  world_->Advance(kInitialLease - kMargin);
  EXPECT_THAT(Claim().ready, IsEmpty());
  EXPECT_THAT(KeysOf(Take(issued).taken.ready), ElementsAre(issued.key()));
}

TEST_P(OutboxContract, AfterTheInitialLeaseItIsForAnybodyButNotForThatServer) {
  const Issued issued = InsertLogin(1);
  world_->Advance(kInitialLease);
  EXPECT_THAT(Take(issued).taken.ready, IsEmpty());
  const OutboxBatch batch = Claim();
  ASSERT_THAT(KeysOf(batch.ready), ElementsAre(issued.key()));
  EXPECT_EQ(batch.ready[0].generation, 1);
  EXPECT_EQ(batch.ready[0].sealed, issued.message.sealed);
  EXPECT_EQ(batch.ready[0].held_until, batch.now + kLease);
}

TEST_P(OutboxContract, AClaimHoldsUntilItsLeaseEnds) {
  const Issued issued = InsertLogin(1);
  world_->Advance(kInitialLease);
  ASSERT_EQ(Claim().ready.size(), 1u);
  EXPECT_THAT(Claim().ready, IsEmpty());
  world_->Advance(kLease - kMargin);
  EXPECT_THAT(Claim().ready, IsEmpty());
  EXPECT_THAT(Take(issued).taken.ready, IsEmpty()) << "generation 0 is over";
  world_->Advance(kMargin);
  const OutboxBatch again = Claim();
  ASSERT_THAT(KeysOf(again.ready), ElementsAre(issued.key()));
  EXPECT_EQ(again.ready[0].generation, 2);
}

TEST_P(OutboxContract, LeavesOutWhatIsNotThereOrNotForSending) {
  Issue issue = InsertLogin(1).issue;
  issue.subject = SampleSubject(2);
  issue.suppressed = true;
  const Issued suppressed = Insert(issue);
  const OutboxTurn turn =
      Turn({}, {suppressed.key(), {"+15550000000", FreshId<MessageId>(random_)}});
  EXPECT_THAT(turn.taken.ready, IsEmpty());
  EXPECT_THAT(turn.taken.dropped, IsEmpty());
  EXPECT_EQ(Stored(suppressed.key()).state, "suppressed");
  EXPECT_FALSE(Stored(suppressed.key()).has_payload);
  world_->Advance(kInitialLease);
  EXPECT_EQ(Claim().ready.size(), 1u);
}

TEST_P(OutboxContract, ClaimsTheLongestOverdueFirstAndNoMoreThanAsked) {
  std::vector<Issued> issued;
  for (int n = 0; n < 5; ++n) {
    issued.push_back(InsertLogin(10 - n));
    world_->Advance(absl::Seconds(1));
  }
  world_->Advance(kInitialLease);
  EXPECT_THAT(Claim(0).ready, IsEmpty());
  EXPECT_THAT(KeysOf(Claim(2).ready), UnorderedElementsAre(issued[0].key(), issued[1].key()));
  EXPECT_THAT(KeysOf(Claim(2).ready), UnorderedElementsAre(issued[2].key(), issued[3].key()));
  EXPECT_THAT(KeysOf(Claim(2).ready), UnorderedElementsAre(issued[4].key()));
}

TEST_P(OutboxContract, H3_ManyClaimersTakeEachMessageOnce) {
  constexpr int kMessages = 60;
  constexpr int kClaimers = 4;
  for (int n = 0; n < kMessages; ++n) InsertLogin(n);
  world_->Advance(kInitialLease);
  absl::Mutex mu;
  std::vector<std::string> taken;
  auto* barrier = new absl::Barrier(kClaimers);
  const auto claim_all = [&] {
    const std::unique_ptr<Outbox> outbox = world_->NewOutbox();
    if (barrier->Block()) delete barrier;
    // A claimer that lost the race for a batch tries the next one.
    for (int round = 0; round < 10 * kMessages; ++round) {
      const absl::StatusOr<OutboxBatch> batch = outbox->Claim(7, kLease);
      absl::MutexLock lock(&mu);
      if (batch.ok()) {
        for (const MessageKey& key : KeysOf(batch->ready)) taken.push_back(key.id.bytes);
      }
      if (taken.size() >= kMessages) return;
    }
  };
  std::vector<std::thread> claimers;
  for (int i = 0; i < kClaimers; ++i) claimers.emplace_back(claim_all);
  for (std::thread& claimer : claimers) claimer.join();
  EXPECT_EQ(taken.size(), static_cast<size_t>(kMessages));
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), taken.size());
  for (const StoredMessage& message : world_->Messages()) EXPECT_EQ(message.generation, 1);
}

}  // namespace
}  // namespace otpgate::storage::conformance
