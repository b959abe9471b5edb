#include "server/delivery/courier.h"

#include <gmock/gmock.h>

#include "tests/support/delivery_fixture.h"
#include "tests/support/status_matchers.h"

namespace otpgate::delivery {
namespace {

using storage::memory::OutboxState;
using support::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Outcome = SendResult::Outcome;

using support::DeliveryTest;

class CourierTest : public support::DeliveryTest {
 protected:
  static Courier& Of(const std::unique_ptr<Server>& server) { return *server->courier; }

  // Sends messages and tells the outbox the results.
  void Deliver(Courier& courier, const std::vector<storage::MessageKey>& new_messages) {
    ASSERT_OK(courier.Turn(new_messages));
    ASSERT_OK(courier.Turn({}));
    ASSERT_FALSE(courier.has_pending_results());
  }
  void ClaimAndComplete(Courier& courier) {
    ASSERT_OK(courier.Claim());
    ASSERT_OK(courier.Turn({}));
  }

  void ExpectAllWiped() {
    for (const storage::memory::OutboxRow& row : database_.Messages()) {
      EXPECT_NE(row.state, storage::memory::OutboxState::kPending);
      EXPECT_EQ(row.message.sealed, "");
      EXPECT_TRUE(row.finished_at.has_value());
    }
  }
};

TEST_F(CourierTest, C3_SendsTheCodeToTheStoredAddress) {
  const auto server = NewServer();
  const storage::MessageKey sms = Request(1);
  const storage::MessageKey email = Request(2, storage::Channel::kEmail);
  Deliver(Of(server), {sms, email});
  const std::vector<Letter> letters = mailbox_.Letters();
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].to, sms.identifier);
  EXPECT_EQ(letters[0].id, sms.id);
  EXPECT_EQ(letters[0].code, CodeOf(1));
  EXPECT_THAT(letters[0].text.body, HasSubstr("@example.com #" + CodeOf(1)));
  EXPECT_EQ(letters[1].to, email.identifier);
  EXPECT_EQ(letters[1].text.subject, "Your Example sign-in code");
  EXPECT_EQ(Of(server).counts(), (Counts{.taken = 2, .sent = 2}));
}

TEST_F(CourierTest, A5_EveryEndWipesThePayload) {
  const auto server = NewServer([](const Letter& letter) -> SendResult {
    if (letter.code == CodeOf(2)) return {.outcome = Outcome::kRefused, .detail = "landline"};
    return {.outcome = Outcome::kSent, .detail = "SM-1"};
  });
  const storage::MessageKey sent = Request(1);
  const storage::MessageKey failed = Request(2);
  const storage::MessageKey superseded = Request(3);
  const storage::MessageKey newest = Request(3);
  const storage::MessageKey expired = Request(4);
  Deliver(Of(server), {sent, failed, superseded, newest});
  clock_.Advance(kCodeLife);
  ClaimAndComplete(Of(server));
  ExpectAllWiped();
  EXPECT_EQ(Row(sent).provider_id, "SM-1");
  EXPECT_EQ(Row(failed).state, storage::memory::OutboxState::kFailed);
  EXPECT_EQ(Row(failed).reason, "landline");
  EXPECT_EQ(Row(superseded).reason, "superseded");
  EXPECT_EQ(Row(expired).reason, "expired");
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1), CodeOf(2), CodeOf(3)));
  EXPECT_EQ(Of(server).counts(),
            (Counts{.taken = 4, .taken_over = 1, .sent = 2, .dropped = 2, .failed = 1}));
}

TEST_F(CourierTest, H4_ACodeThatExpiresWhileOthersAreSentIsNotSent) {
  const auto server = NewServer([&](const Letter&) -> SendResult {
    clock_.Advance(kCodeLife);  // a provider that is slow
    return {};
  });
  const storage::MessageKey sms = Request(1);
  const storage::MessageKey email = Request(2, storage::Channel::kEmail);
  Deliver(Of(server), {sms, email});
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1)));
  EXPECT_EQ(Row(email).state, storage::memory::OutboxState::kDropped);
  EXPECT_EQ(Row(email).reason, "expired");
}

TEST_F(CourierTest, H6_ALeaseThatEndsBeforeTheProviderMustAnswerIsNotUsed) {
  const auto server = NewServer([&](const Letter&) -> SendResult {
    clock_.Advance(storage::kInitialLease - absl::Seconds(1));
    return {};
  });
  const storage::MessageKey sms = Request(1);
  const storage::MessageKey email = Request(2, storage::Channel::kEmail);
  Deliver(Of(server), {sms, email});
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1)));
  EXPECT_EQ(Row(email).state, storage::memory::OutboxState::kPending);
  EXPECT_EQ(Of(server).counts().lapsed, 1);
  clock_.Advance(absl::Seconds(1));
  ClaimAndComplete(Of(server));
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1), CodeOf(2)));
  EXPECT_EQ(Row(email).state, storage::memory::OutboxState::kSent);
}

TEST_F(CourierTest, H1_ABusyProviderIsAskedAgainWithinTheLifeOfTheCode) {
  int refusals = 3;
  const auto server = NewServer([&](const Letter&) -> SendResult {
    if (refusals-- > 0) return {.outcome = Outcome::kRetry, .detail = "busy"};
    return {};
  });
  const storage::MessageKey key = Request(1);
  Deliver(Of(server), {key});
  for (int i = 0; i < 60 && Row(key).state == storage::memory::OutboxState::kPending; ++i) {
    clock_.Advance(absl::Seconds(1));
    ClaimAndComplete(Of(server));
  }
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
  EXPECT_EQ(Row(key).generation, 3);
  EXPECT_EQ(mailbox_.Letters().size(), 4u);
  EXPECT_EQ(Of(server).counts().retried, 3);
}

TEST_F(CourierTest, TheProvidersOwnWaitIsRespected) {
  const auto server = NewServer([](const Letter&) -> SendResult {
    return {.outcome = Outcome::kRetry, .detail = "slow down", .retry_after = absl::Minutes(2)};
  });
  const storage::MessageKey key = Request(1);
  Deliver(Of(server), {key});
  EXPECT_EQ(Row(key).next_try_at, clock_.Now() + absl::Minutes(2));
}

TEST_F(CourierTest, H1_WhatCannotBeSentInTimeIsDeadLettered) {
  const auto server = NewServer(
      [&](const Letter&) -> SendResult { return {.outcome = Outcome::kRetry, .detail = "away"}; });
  const storage::MessageKey key = Request(1);
  Deliver(Of(server), {key});
  for (int i = 0; i < 300 && Row(key).state == storage::memory::OutboxState::kPending; ++i) {
    clock_.Advance(absl::Seconds(1));
    ClaimAndComplete(Of(server));
  }
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kFailed);
  EXPECT_EQ(Row(key).reason, "away");
  ExpectAllWiped();
}

TEST_F(CourierTest, H9_APoisonedMessageIsParkedAndTheOthersFlow) {
  const auto server = NewServer();
  const storage::MessageKey before = Request(1);
  const storage::MessageKey poison = Request(2);
  const storage::MessageKey after = Request(3);
  database_.With(
      [&](storage::memory::Tables& tables) { tables.outbox[1].message.sealed = "garbage"; });
  Deliver(Of(server), {before, poison, after});
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1), CodeOf(3)));
  EXPECT_EQ(Row(poison).state, storage::memory::OutboxState::kFailed);
  EXPECT_EQ(Row(poison).reason, "unreadable");
}

TEST_F(CourierTest, C3_APayloadThatWasMovedToAnotherAddressIsNotSent) {
  const auto server = NewServer();
  const storage::MessageKey victim = Request(1);
  const storage::MessageKey thief = Request(2);
  database_.With([&](storage::memory::Tables& tables) {
    tables.outbox[1].message.sealed = tables.outbox[0].message.sealed;
  });
  Deliver(Of(server), {thief, victim});
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1)));
  EXPECT_EQ(mailbox_.Letters()[0].to, victim.identifier);
  EXPECT_EQ(Row(thief).reason, "unreadable");
}

TEST_F(CourierTest, H9_WhatMayHaveEndedItsHoldersIsParkedUnseen) {
  options_.take_overs_max = 5;
  const storage::MessageKey key = Request(1);
  for (int i = 0; i < options_.take_overs_max; ++i) {
    clock_.Advance(i == 0 ? storage::kInitialLease : options_.lease);
    ASSERT_EQ(storage::memory::MemoryOutbox(database_).Claim(1, options_.lease)->ready.size(), 1u);
  }
  clock_.Advance(options_.lease);
  const auto server = NewServer();
  ClaimAndComplete(Of(server));
  EXPECT_THAT(Received(), IsEmpty());
  EXPECT_EQ(Row(key).reason, "taken_over_too_often");
}

TEST_F(CourierTest, WithoutASenderForItsChannelAMessageIsDeadLettered) {
  Courier::Parts parts;
  parts.outbox = std::make_unique<storage::memory::MemoryOutbox>(database_);
  parts.composer = &composer_;
  parts.clock = &clock_;
  parts.random = &random_;
  parts.log = &log_;
  Courier courier(std::move(parts), options_);
  const storage::MessageKey key = Request(1);
  Deliver(courier, {key});
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kFailed);
  EXPECT_EQ(Row(key).reason, "no_sender");
}

TEST_F(CourierTest, H3_AServerThatSleptPastItsLeaseIsFencedAndOneDuplicateIsAllThereIs) {
  const auto other = NewServer();
  const storage::MessageKey key = Request(1);
  const auto sleeper = NewServer([&](const Letter&) -> SendResult {
    clock_.Advance(storage::kInitialLease);  // SIGSTOP, SIGCONT
    ClaimAndComplete(Of(other));
    return {.outcome = Outcome::kSent, .detail = "too late"};
  });
  Deliver(Of(sleeper), {key});
  EXPECT_EQ(mailbox_.Letters().size(), 2u);
  EXPECT_EQ(Row(key).generation, 1);
  EXPECT_EQ(Row(key).provider_id, "");
  EXPECT_EQ(Of(sleeper).counts().fenced, 1);
  EXPECT_THAT(captured_.Text(), HasSubstr("OTP_MESSAGE_FENCED"));
  clock_.Advance(kCodeLife);
  ClaimAndComplete(Of(other));
  ClaimAndComplete(Of(sleeper));
  EXPECT_EQ(mailbox_.Letters().size(), 2u);
}

TEST_F(CourierTest, H3_ACrashBetweenSendingAndTellingResendsOnce) {
  const storage::MessageKey key = Request(1);
  {
    const auto crashing = NewServer();
    ASSERT_OK(Of(crashing).Turn({key}));
    ASSERT_TRUE(Of(crashing).has_pending_results());
  }
  const auto next = NewServer();
  ClaimAndComplete(Of(next));
  EXPECT_EQ(mailbox_.Letters().size(), 1u) << "within the initial lease";
  for (int i = 0; i < 10; ++i) {
    clock_.Advance(storage::kInitialLease);
    ClaimAndComplete(Of(next));
  }
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1), CodeOf(1)));
  EXPECT_EQ(mailbox_.Letters()[0].id, mailbox_.Letters()[1].id);
  EXPECT_EQ(Row(key).generation, 1);
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
}

TEST_F(CourierTest, H1_ACrashBeforeSendingLosesNothing) {
  const storage::MessageKey key = Request(1);
  const auto next = NewServer();
  clock_.Advance(storage::kInitialLease);
  ClaimAndComplete(Of(next));
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1)));
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
}

TEST_F(CourierTest, WhileTheOutboxIsAwayNothingIsSentAndNothingForgotten) {
  const auto server = NewServer();
  const storage::MessageKey first = Request(1);
  const storage::MessageKey second = Request(2);
  ASSERT_OK(Of(server).Turn({first}));
  for (const auto code : {absl::StatusCode::kUnavailable, absl::StatusCode::kAborted,
                          absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kUnknown}) {
    server->faults = {{code, /*done=*/false}};
    EXPECT_THAT(Of(server).Turn({second}), support::StatusIs(code));
    EXPECT_TRUE(Of(server).has_pending_results());
    EXPECT_THAT(Received(), ElementsAre(CodeOf(1)));
  }
  Deliver(Of(server), {second});
  EXPECT_EQ(Row(first).state, storage::memory::OutboxState::kSent);
  EXPECT_EQ(Row(second).state, storage::memory::OutboxState::kSent);
  EXPECT_EQ(Of(server).counts().fenced, 0);
}

TEST_F(CourierTest, ALostAnswerSendsNothingTwice) {
  const auto server = NewServer();
  const storage::MessageKey first = Request(1);
  const storage::MessageKey second = Request(2);
  ASSERT_OK(Of(server).Turn({first}));
  server->faults = {{absl::StatusCode::kUnknown, /*done=*/true}};
  EXPECT_THAT(Of(server).Turn({second}), support::StatusIs(absl::StatusCode::kUnknown));
  Deliver(Of(server), {second});
  EXPECT_THAT(Received(), ElementsAre(CodeOf(1), CodeOf(2)));
  EXPECT_EQ(Row(first).state, storage::memory::OutboxState::kSent);
}

TEST_F(CourierTest, WhatTheOutboxRefusesForGoodDoesNotStopTheOthers) {
  const auto server = NewServer();
  const storage::MessageKey first = Request(1);
  const storage::MessageKey second = Request(2);
  ASSERT_OK(Of(server).Turn({first}));
  server->faults = {{absl::StatusCode::kInvalidArgument, /*done=*/false}};
  EXPECT_THAT(Of(server).Turn({second}), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(Of(server).has_pending_results());
  Deliver(Of(server), {second});
  EXPECT_EQ(Row(second).state, storage::memory::OutboxState::kSent);
}

TEST_F(CourierTest, ClaimTellsWhetherThereMayBeMore) {
  options_.claim_max = 2;
  for (int n = 1; n <= 3; ++n) Request(n);
  clock_.Advance(storage::kInitialLease);
  const auto server = NewServer();
  EXPECT_EQ(*Of(server).Claim(), true);
  EXPECT_EQ(*Of(server).Claim(), false);
  EXPECT_EQ(mailbox_.Letters().size(), 3u);
}

TEST_F(CourierTest, N3_WhatAProviderSaysCannotForgeALineOrARow) {
  const auto server = NewServer([](const Letter&) -> SendResult {
    return {.outcome = Outcome::kRefused,
            .detail = std::string("no\n{\"event\":\"FORGED\"}\x1b[2J") + '\0' + "\xff" +
                      std::string(1000, 'x')};
  });
  const storage::MessageKey key = Request(1);
  Deliver(Of(server), {key});
  EXPECT_EQ(Row(key).reason.size(), 100u);
  EXPECT_THAT(Row(key).reason, Not(HasSubstr("\n")));
  for (const std::string& line : captured_.Lines()) {
    EXPECT_THAT(line, Not(HasSubstr("\"event\":\"FORGED\"")));
  }
}

TEST_F(CourierTest, N1_LinesNameTheMessageAndMaskTheAddressee) {
  const auto server = NewServer();
  Deliver(Of(server), {Request(1), Request(2, storage::Channel::kEmail)});
  const std::string text = captured_.Text();
  EXPECT_THAT(text, HasSubstr("\"event\":\"OTP_MESSAGE_SENT\""));
  EXPECT_THAT(text, HasSubstr("\"identifier\":\"+1555****001\""));
  EXPECT_THAT(text, HasSubstr("\"identifier\":\"s***@e***.com\""));
}

}  // namespace
}  // namespace otpgate::delivery
