#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "storage/conformance/outbox_fixture.h"
#include "storage/conformance/samples.h"

// H4: neither Turn nor Claim returns a message whose code cannot be used any more.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Spoiled {
  const char* name;
  CodeTable table;
  Purpose purpose;
  DropReason reason;
  std::function<void(Code&)> rewrite;  // null: the row is removed
};

void Resend(Code& code) { code.mac[0] = static_cast<char>(code.mac[0] ^ 1); }
void AskAnew(Code& code) {
  Resend(code);
  code.id.bytes[23] = static_cast<char>(code.id.bytes[23] ^ 1);
}
void Consume(Code& code) { code.verified_at = code.created_at; }
void Void(Code& code) { code.expires_at = code.created_at; }
void AskAnewAndConsume(Code& code) {
  AskAnew(code);
  Consume(code);
}

std::vector<Spoiled> Spoilings() {
  std::vector<Spoiled> all;
  for (const auto& [table, purpose] : {std::pair(CodeTable::kSignupOtps, Purpose::kLogin),
                                       std::pair(CodeTable::kOtpSessions, Purpose::kLogin),
                                       std::pair(CodeTable::kOtpSessions, Purpose::kVerifyPhone)}) {
    all.push_back({"resent", table, purpose, DropReason::kSuperseded, Resend});
    all.push_back({"asked anew", table, purpose, DropReason::kSuperseded, AskAnew});
    all.push_back({"other consumed", table, purpose, DropReason::kSuperseded, AskAnewAndConsume});
    all.push_back({"consumed", table, purpose, DropReason::kConsumed, Consume});
    all.push_back({"voided", table, purpose, DropReason::kExpired, Void});
    all.push_back({"removed", table, purpose, DropReason::kSuperseded, nullptr});
  }
  return all;
}

Issue IssueFor(const Spoiled& spoiled, int n) {
  return {.subject = SampleSubject(n),
          .table = spoiled.table,
          .purpose = spoiled.purpose,
          .channel = Channel::kSms,
          .life = kCodeLife,
          .suppressed = false};
}

TEST_P(OutboxContract, H4_NothingSpoiledIsTakenWithinTheInitialLease) {
  int n = 0;
  for (const Spoiled& spoiled : Spoilings()) {
    SCOPED_TRACE(spoiled.name);
    const Issued issued = InsertSpoiled(IssueFor(spoiled, ++n), spoiled.rewrite);
    ExpectDropped(Take(issued).taken, issued, spoiled.reason);
    EXPECT_THAT(Take(issued).taken.dropped, IsEmpty()) << "finished once";
  }
}

TEST_P(OutboxContract, H4_NothingSpoiledIsClaimed) {
  int n = 0;
  for (const Spoiled& spoiled : Spoilings()) {
    SCOPED_TRACE(spoiled.name);
    const Issued issued = InsertSpoiled(IssueFor(spoiled, ++n), spoiled.rewrite);
    world_->Advance(kInitialLease);
    ExpectDropped(Claim(), issued, spoiled.reason);
    EXPECT_THAT(Claim().dropped, IsEmpty()) << "finished once";
  }
}

TEST_P(OutboxContract, H4_NothingExpiredIsHandedOut) {
  Issue issue = InsertLogin(1).issue;
  issue.life = kInitialLease - kMargin;
  issue.subject = SampleSubject(2);
  const Issued early = Insert(issue);
  world_->Advance(issue.life);
  ExpectDropped(Take(early).taken, early, DropReason::kExpired);

  world_->Advance(kCodeLife);
  const OutboxBatch batch = Claim();
  EXPECT_THAT(batch.ready, IsEmpty());
  EXPECT_THAT(batch.dropped, SizeIs(1));
}

TEST_P(OutboxContract, H4_AnExpiredMessageIsExpiredAlsoWhenItsCodeWasCleanedUp) {
  const Issued issued = InsertLogin(1);
  world_->Advance(kCodeLife);
  world_->DeleteCode(issued.issue.subject, issued.issue.table, issued.issue.purpose);
  ExpectDropped(Claim(), issued, DropReason::kExpired);
}

TEST_P(OutboxContract, H5_OfSeveralSendsOnlyTheLastIsHandedOut) {
  std::vector<Issued> sends;
  std::vector<MessageKey> keys;
  for (int i = 0; i < 5; ++i) {
    sends.push_back(InsertLogin(1));
    keys.push_back(sends.back().key());
  }
  const OutboxTurn turn = Turn({}, keys);
  EXPECT_THAT(KeysOf(turn.taken.ready), ElementsAre(keys.back()));
  EXPECT_THAT(turn.taken.dropped, SizeIs(4));
}

TEST_P(OutboxContract, TheCodeOfAnotherUserTypeOrPurposeIsNoneOfItsBusiness) {
  const Issued live = InsertLogin(1);
  Issue issue = live.issue;
  issue.subject.user_type = UserType::kDemo;
  const Issued demo = Insert(issue);
  issue = live.issue;
  issue.table = CodeTable::kOtpSessions;
  issue.purpose = Purpose::kVerifyPhone;
  const Issued verify = Insert(issue);
  Rewrite(demo, Consume);
  const OutboxTurn turn = Turn({}, {live.key(), demo.key(), verify.key()});
  EXPECT_THAT(KeysOf(turn.taken.ready), ::testing::UnorderedElementsAre(live.key(), verify.key()));
  ASSERT_THAT(turn.taken.dropped, SizeIs(1));
  EXPECT_EQ(turn.taken.dropped[0].key, demo.key());
}

}  // namespace
}  // namespace otpgate::storage::conformance
