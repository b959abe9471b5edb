// Feeds the checker right histories, and a wrong one for each kind of violation.
#include "tests/chaos/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace otpgate::chaos {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPerson[] = "ann@example.com";

// A right history of calls one after the other: Ann requests a code, guesses wrong twice, once more
// without an answer, signs in, refreshes twice (the second time an answer is lost), and signs out.
class Story {
 public:
  Story() {
    Add({.op = Op::kRequest, .request_id = "r", .got = "handle"}, Outcome::kUnknown).got.clear();
    Add({.op = Op::kRequest, .request_id = "r", .got = "handle"});
    Guess(4);
    Guess(3);
    Add({.op = Op::kVerify, .given = "handle"}, Outcome::kUnknown);
    Add({.op = Op::kVerify,
         .request_id = "v",
         .given = "handle",
         .right = true,
         .session = "s",
         .got = "t0"});
    Refresh("t0", "t1", "f0");
    Refresh("t1", "", "f1").outcome = Outcome::kUnknown;
    Refresh("t1", "t2", "f1");
    Use(true);
    Add({.op = Op::kSignOut});
    Use(false);
    end.sessions["s"] = {kPerson, 2};
    end.attempts[kPerson] = 3;
    end.messages["m"] = {kPerson, "sent"};
    end.sent = {"m"};
  }

  Call& Add(Call call, Outcome outcome = Outcome::kOk) {
    call.person = kPerson;
    call.outcome = outcome;
    call.start = absl::Seconds(static_cast<int64_t>(calls.size()));
    call.end = call.start + absl::Milliseconds(500);
    calls.push_back(std::move(call));
    return calls.back();
  }
  Call& Guess(int remaining) {
    Call& call = Add({.op = Op::kVerify, .given = "handle"}, Outcome::kRefused);
    call.reason = "OTP_INVALID";
    call.remaining = remaining;
    return call;
  }
  Call& Refresh(const std::string& token, const std::string& successor, const std::string& id) {
    return Add(
        {.op = Op::kRefresh, .request_id = id, .given = token, .session = "s", .got = successor});
  }
  Call& Use(bool active) {
    return Add({.op = Op::kUse, .given = "t2", .session = "s", .active = active});
  }

  void RefuseLast(Op op, const char* reason) {
    Last(op).outcome = Outcome::kRefused;
    Last(op).reason = reason;
  }
  Call& Last(Op op) {
    auto call = calls.rbegin();
    while (call->op != op) ++call;
    return *call;
  }

  std::vector<Call> calls;
  FinalState end;
};

TEST(CheckerTest, ARightHistoryIsExplained) {
  Story story;
  EXPECT_THAT(FindViolations(story.calls, story.end), IsEmpty());
  EXPECT_THAT(FindViolations({}, {}), IsEmpty());
}

TEST(CheckerTest, WhatIsUnknownMayHaveHappenedOrNot) {
  Story story;
  story.end.attempts[kPerson] = 2;  // the third guess did not happen
  EXPECT_THAT(FindViolations(story.calls, story.end), IsEmpty());
  story.Last(Op::kRefresh).outcome = Outcome::kUnknown;
  for (const int generation : {1, 2}) {
    story.end.sessions["s"].generation = generation;
    EXPECT_THAT(FindViolations(story.calls, story.end), IsEmpty());
  }
}

// While clocks jump honest people may be refused, but nothing else is excused.
TEST(CheckerTest, WithoutThePromiseToHonestPeopleTheyMayBeRefused) {
  Story story;
  Call& refresh = story.Last(Op::kRefresh);
  refresh.outcome = Outcome::kRefused;
  refresh.reason = "TOKEN_INVALID";
  story.end.sessions["s"].generation = 1;
  EXPECT_THAT(FindViolations(story.calls, story.end, {.honest_get_in = false}), IsEmpty());
  EXPECT_THAT(FindViolations(story.calls, story.end),
              ElementsAre(HasSubstr("somebody honest was signed out")));
}

struct Wrong {
  const char* name;
  const char* found;
  std::function<void(Story&)> plant;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class WrongHistoryTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongHistoryTest, IsFound) {
  Story story;
  GetParam().plant(story);
  EXPECT_THAT(FindViolations(story.calls, story.end),
              ::testing::Contains(HasSubstr(GetParam().found)));
}

const Wrong kWrong[] = {
    {"ACodeUsedTwice", "more than one session",
     [](Story& s) {
       s.Add({.op = Op::kVerify, .given = "handle", .right = true, .session = "s2", .got = "u0"});
       s.end.sessions["s2"] = {kPerson, 0};
     }},
    {"ACodeUsedTwiceThatNobodyWasToldOf", "2 sessions from 1 codes",
     [](Story& s) {
       s.end.sessions["s2"] = {kPerson, 0};
     }},
    {"AWrongCodeAccepted", "a wrong code was accepted",
     [](Story& s) { s.Last(Op::kVerify).right = false; }},
    {"OneCountForTwoGuesses", "two guesses were counted as one", [](Story& s) { s.Guess(3); }},
    {"AGuessForgotten", "a guess was forgotten",
     [](Story& s) {
       s.calls.resize(2);
       s.Guess(2);
       s.Guess(4);
     }},
    {"AGuessWithoutANumber", "without its number", [](Story& s) { s.Guess(4).remaining.reset(); }},
    {"ANumberThatCannotBe", "without its number", [](Story& s) { s.Guess(5); }},
    {"AGuessNotStored", "attempts are stored", [](Story& s) { s.end.attempts[kPerson] = 1; }},
    {"AGuessStoredTwice", "attempts are stored", [](Story& s) { s.end.attempts[kPerson] = 4; }},
    {"ADeadCodeAccepted", "after its last attempt",
     [](Story& s) {
       s.calls.resize(2);
       s.Guess(0);
       s.Add({.op = Op::kVerify, .given = "handle", .right = true, .session = "s", .got = "t0"});
     }},
    {"TheRightCodeRefused", "the right code was refused",
     [](Story& s) {
       s.calls.resize(2);
       Call& call = s.Guess(0);
       call.right = true;
       call.request_id = "v";
     }},
    {"AMessageLost", "0 messages for 1 to 1", [](Story& s) { s.end.messages.clear(); }},
    {"OneRequestWithTwoMessages", "2 messages for 1 to 1",
     [](Story& s) {
       s.end.messages["m2"] = {kPerson, "dropped"};
     }},
    {"AMessageThatNeverLeft", "a message is pending",
     [](Story& s) { s.end.messages["m"].state = "pending"; }},
    {"AMessageOnlySaidToHaveLeft", "called sent and is not", [](Story& s) { s.end.sent.clear(); }},
    {"AMessageOfNobody", "a message left that is not stored",
     [](Story& s) { s.end.sent.insert("m2"); }},
    {"ARepeatWithAnotherAnswer", "a repeat got another handle",
     [](Story& s) { s.Add({.op = Op::kRequest, .request_id = "r", .got = "handle2"}); }},
    {"ATokenWithTwoSuccessors", "two successors", [](Story& s) { s.Refresh("t1", "other", "f1"); }},
    {"ASignInLost", "acknowledged and is not stored", [](Story& s) { s.end.sessions.clear(); }},
    {"ARefreshLost", "generation 1 is stored after 2",
     [](Story& s) { s.end.sessions["s"].generation = 1; }},
    {"ARefreshTwice", "generation 3 is stored",
     [](Story& s) { s.end.sessions["s"].generation = 3; }},
    {"AliveAfterASignOut", "alive after an acknowledged sign-out", [](Story& s) { s.Use(true); }},
    {"RefreshedAfterASignOut", "alive after an acknowledged sign-out",
     [](Story& s) { s.Refresh("t2", "t3", "f2"); }},
    {"AliveAfterEverybodysSignOut", "alive after an acknowledged sign-out",
     [](Story& s) {
       s.Last(Op::kSignOut).person.clear();
       s.Use(true);
     }},
    {"SomebodyHonestSignedOut", "somebody honest was signed out",
     [](Story& s) { s.RefuseLast(Op::kRefresh, "TOKEN_INVALID"); }},
    {"SomebodyHonestFoundSignedOut", "somebody honest was signed out",
     [](Story& s) {
       s.calls.pop_back();
       s.Last(Op::kUse).active = false;
     }},
    {"AnInternalError", "refused with 'INTERNAL'",
     [](Story& s) { s.RefuseLast(Op::kRefresh, "INTERNAL"); }},
    {"AnHonestRepeatRefused", "refused with 'REQUEST_SUPERSEDED'",
     [](Story& s) { s.RefuseLast(Op::kVerify, "REQUEST_SUPERSEDED"); }},
    {"ASignOutRefused", "refused with 'UNAUTHENTICATED'",
     [](Story& s) { s.RefuseLast(Op::kSignOut, "UNAUTHENTICATED"); }},
    {"AForkOfTwoRacers", "two successors",
     [](Story& s) {
       s.calls.resize(8);
       s.Refresh("t0", "other", "race");
     }},
    {"AliveAfterAReplay", "alive after an acknowledged sign-out",
     [](Story& s) {
       s.calls.resize(s.calls.size() - 2);
       s.Add({.op = Op::kSignOut, .given = "t0"});  // refused as a replay, as in Recorder::Replay
       s.Use(true);
     }},
};

INSTANTIATE_TEST_SUITE_P(Every, WrongHistoryTest, ::testing::ValuesIn(kWrong),
                         [](const auto& wrong) { return std::string(wrong.param.name); });

}  // namespace
}  // namespace otpgate::chaos
