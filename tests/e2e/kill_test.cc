// Servers that are killed, and callers that go away, in the middle of a call.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "migrations/migrator/verify.h"
#include "tests/e2e/deployment.h"
#include "tests/support/contend.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::testing {
namespace {

constexpr int kMessagesMax = 60;

class KillTest : public ::testing::Test {
 protected:
  // Server 0 reaches its database through the proxy; server 1 does not.
  Deployment::Options Options() {
    return {.servers = 2,
            .flags = {"--enable_rate_limit=false", "--engine.workers=1",
                      "--database.health_interval=1m", "--secrets.reload_interval=1m"},
            .prepare = {},
            .connection = [this](const TestDatabase& database, int server) {
              return server == 0 ? database.Via(proxy_.port(), PgRole::kApp)
                                 : database.Socket(PgRole::kApp);
            }};
  }

  std::string NextPerson() { return absl::StrCat("p", ++people_, "@example.com"); }
  CallOptions NextRequestId() {
    return {.request_id = absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + ++ids_)};
  }
  std::string CountOf(const std::string& table, const std::string& person) {
    return deployment_.database().Value(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE identifier = '", person, "'"));
  }

  // Kills server 0 while it is about to send message k to the database, for every k that `call`
  // has; a new one takes its place, and `check` looks at what is there.
  void KillAtEveryMessage(const std::function<void()>& prepare, const std::function<void()>& call,
                          const std::function<void()>& check) {
    int number = 0;
    bool killed = true;
    while (killed && number < kMessagesMax) {
      ASSERT_TRUE(deployment_.client(0).RequestOtp(NextPerson()).ok());  // connects
      prepare();
      const auto rule = proxy_.Add({.action = ProxyAction::kHold, .number = ++number});
      std::atomic<bool> ended = false;
      std::thread caller([&] {
        call();
        ended = true;
      });
      while (!rule->fired() && !ended) std::this_thread::yield();
      killed = rule->Disarm();
      if (killed) deployment_.server(0).Signal(SIGKILL);
      rule->Release();
      caller.join();
      if (killed) deployment_.Replace(0);
      SCOPED_TRACE(absl::StrCat("message ", number));
      check();
      ExpectConsistentData();
      if (HasFailure()) return;
    }
    EXPECT_GT(number, 2) << "nothing was killed";
    EXPECT_LT(number, kMessagesMax);
  }

  void ExpectConsistentData() {
    auto session = migrator::Session::Connect(deployment_.database().Socket(PgRole::kSuperuser));
    ASSERT_TRUE(session.ok()) << session.status();
    const auto problems = migrator::FindDataProblems(**session);
    ASSERT_TRUE(problems.ok()) << problems.status();
    for (const auto& problem : *problems) ADD_FAILURE() << problem.rule->text;
  }

  TcpProxy proxy_{SharedPgCluster().SocketPath(), Framing::kPostgres};
  Deployment deployment_{Options()};

 private:
  int people_ = 0;
  int ids_ = 0;
};

TEST_F(KillTest, C1_G5_ACodeIsThereWithItsMessageAndItsRequestOrNotAtAll) {
  std::string person;
  CallOptions id;
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
  CallOptions id;
  Answer<v1::RequestOtpResponse> asked;
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
  for (int64_t trial = 0; trial < Trials(10); ++trial) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    const auto guess = deployment_.client(0).VerifyOtp(asked.reply.handle(),
                                                       WrongCode(asked.reply.development_code()));
    deployment_.server(0).Signal(SIGKILL);
    EXPECT_EQ(guess.attempts_remaining, 4) << guess.message;
    EXPECT_EQ(deployment_.database().Value(absl::StrCat(
                  "SELECT attempts FROM signup_otps WHERE identifier = '", person, "'")),
              "1");
    deployment_.Replace(0);
  }
}

// A caller that hangs up holds nothing: once taken, a command runs to its end by itself.
TEST_F(KillTest, I9_CallsThatWereGivenUpLeaveNoConnectionBehind) {
  const std::string sessions =
      "SELECT count(*) FROM pg_stat_activity WHERE usename = 'otpgate_app' AND datname = "
      "current_database()";
  constexpr int kCallers = 16;
  const int64_t calls = Trials(60);
  std::atomic<int64_t> given_up = 0;
  const auto storm = [&](const std::string& name) {
    Contend(kCallers, [&](int caller) {
      for (int64_t i = 0; i < calls; ++i) {
        const std::string person = absl::StrCat(name, caller, "-", i, "@example.com");
        const absl::Duration patience = absl::Microseconds(100 * (i % 40));
        const auto answer = deployment_.client(caller).RequestOtp(person, {.deadline = patience});
        given_up += answer.code == absl::StatusCode::kDeadlineExceeded;
      }
    });
    for (int i : {0, 1}) EXPECT_TRUE(deployment_.client(i).RequestOtp(NextPerson()).ok());
  };
  storm("a");  // every connection that a server keeps is made
  const std::string before = deployment_.database().Value(sessions);
  storm("b");
  EXPECT_GT(given_up, kCallers);
  EXPECT_EQ(deployment_.database().Value(sessions), before);
  EXPECT_EQ(deployment_.database().Value(absl::StrCat(sessions, " AND state LIKE 'idle in%'")),
            "0");
  ExpectConsistentData();
}

}  // namespace
}  // namespace otpgate::testing
