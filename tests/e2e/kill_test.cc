// Servers that are killed, and callers that go away, in the middle of a call.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/verify.h"
#include "tests/e2e/proxied_database_fixture.h"
#include "tests/support/contend.h"
#include "tests/support/trials.h"

namespace otpgate::e2e {
namespace {

constexpr int kMessagesMax = 60;

class KillTest : public ProxiedDatabaseFixture {
 protected:
  // Kills server 0 at every message that `call` makes it send to the database, one message per
  // repetition; `check` runs after each.
  void KillAtEveryMessage(const std::function<void()>& prepare, const std::function<void()>& call,
                          const std::function<void()>& check) {
    int number = 0;
    bool killed = true;
    while (killed && number < kMessagesMax) {
      ASSERT_TRUE(deployment_.client(0).RequestOtp(NextPerson()).ok());  // connects server 0
      prepare();
      killed = KillAtMessage(++number, call);
      SCOPED_TRACE(absl::StrCat("message ", number));
      check();
      ExpectConsistentData();
      if (HasFailure()) return;
    }
    EXPECT_GT(number, 2) << "nothing was killed";
    EXPECT_LT(number, kMessagesMax);
  }

  void ExpectConsistentData() {
    auto connection = migrator::Connect(deployment_.database().Socket(support::PgRole::kSuperuser));
    ASSERT_TRUE(connection.ok()) << connection.status();
    const auto problems = migrator::FindDataProblems(**connection);
    ASSERT_TRUE(problems.ok()) << problems.status();
    for (const auto& problem : *problems) ADD_FAILURE() << problem.rule->text;
  }
};

TEST_F(KillTest, C1_G5_ACodeIsThereWithItsMessageAndItsRequestOrNotAtAll) {
  std::string person;
  support::CallOptions id;
  const auto prepare = [&] {
    person = NextPerson();
    id = NextRequestId();
  };
  const auto call = [&] { deployment_.client(0).RequestOtp(person, id); };
  KillAtEveryMessage(prepare, call, [&] {
    const std::string codes = CountOf("signup_otps", person);
    EXPECT_EQ(CountOf("outbox", person), codes);
    EXPECT_EQ(deployment_.database().Value(
                  absl::StrCat("SELECT count(*) FROM requests WHERE scope = 'live:", person, "'")),
              codes);
    EXPECT_TRUE(deployment_.client(1).RequestOtp(person, id).ok());
    EXPECT_EQ(CountOf("outbox", person), "1");
  });
}

TEST_F(KillTest, G1_G5_ALoginIsThereOnceOrNotAtAll) {
  std::string person;
  support::CallOptions id;
  support::Answer<v1::RequestOtpResponse> asked;
  const auto prepare = [&] {
    person = NextPerson();
    id = NextRequestId();
    asked = deployment_.client(1).RequestOtp(person);
  };
  const auto call = [&] {
    deployment_.client(0).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), id);
  };
  KillAtEveryMessage(prepare, call, [&] {
    const auto again =
        deployment_.client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code(), id);
    EXPECT_TRUE(again.ok()) << again.reason << " " << again.message;
    EXPECT_EQ(CountOf("identities", person), "1");
    EXPECT_EQ(deployment_.database().Value(
                  absl::StrCat("SELECT count(*) FROM sessions s JOIN subjects o USING (user_id)"
                               " WHERE o.identifier = '",
                               person, "'")),
              "1");
  });
}

TEST_F(KillTest, B7_AnAnsweredGuessIsCountedWhenTheServerDiesAfterIt) {
  for (int64_t trial = 0; trial < support::Trials(10); ++trial) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    const auto guess = deployment_.client(0).VerifyOtp(
        asked.reply.handle(), support::WrongCode(asked.reply.development_code()));
    deployment_.server(0).Signal(SIGKILL);
    EXPECT_EQ(guess.attempts_remaining, 4) << guess.message;
    EXPECT_EQ(deployment_.database().Value(absl::StrCat(
                  "SELECT attempts FROM signup_otps WHERE identifier = '", person, "'")),
              "1");
    deployment_.Replace(0);
  }
}

// A call that its caller gave up holds no connection: an accepted command runs to its end.
TEST_F(KillTest, I9_CallsThatWereGivenUpLeaveNoConnectionBehind) {
  const std::string connections =
      "SELECT count(*) FROM pg_stat_activity WHERE usename = 'otpgate_app' AND datname = "
      "current_database()";
  constexpr int kCallers = 16;
  const int64_t calls = support::Trials(60);
  std::atomic<int64_t> given_up = 0;
  const auto make_calls = [&](const std::string& name) {
    support::Contend(kCallers, [&](int caller) {
      for (int64_t i = 0; i < calls; ++i) {
        const std::string person = absl::StrCat(name, caller, "-", i, "@example.com");
        const absl::Duration deadline = absl::Microseconds(100 * (i % 40));
        const auto answer = deployment_.client(caller).RequestOtp(person, {.deadline = deadline});
        given_up += answer.code == absl::StatusCode::kDeadlineExceeded;
      }
    });
    for (int i : {0, 1}) EXPECT_TRUE(deployment_.client(i).RequestOtp(NextPerson()).ok());
  };
  make_calls("a");  // opens every connection that a server keeps
  const std::string before = deployment_.database().Value(connections);
  make_calls("b");
  EXPECT_GT(given_up, kCallers);
  EXPECT_EQ(deployment_.database().Value(connections), before);
  EXPECT_EQ(deployment_.database().Value(absl::StrCat(connections, " AND state LIKE 'idle in%'")),
            "0");
  ExpectConsistentData();
}

}  // namespace
}  // namespace otpgate::e2e
