// Calls whose way to the server, or the server's way to its database, is cut at every message.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/tcp_proxy.h"

namespace otpgate::testing {
namespace {

struct Accident {
  Direction direction;
  ProxyAction action;
};
constexpr Accident kAccidents[] = {{Direction::kToServer, ProxyAction::kCut},
                                   {Direction::kToServer, ProxyAction::kForwardThenCut},
                                   {Direction::kToClient, ProxyAction::kCut}};
constexpr int kMessagesMax = 40;  // of one call, in one direction

// Whatever a caller sees when its call met an accident and was not carried out for certain.
bool MayBeRepeated(const std::string& reason) {
  return reason == "UNAVAILABLE" || reason == "OUTCOME_UNKNOWN" || reason.empty();
}

class LostReplyTest : public ::testing::Test {
 protected:
  // The health watch and the dispatcher talk to the database too; they are told to be quiet, so
  // that messages are those of the call, and what they say all the same does no harm.
  Deployment::Options Options() {
    return {.servers = 2,
            .flags = {"--enable_rate_limit=false", "--engine.workers=1",
                      "--database.health_interval=1m", "--secrets.reload_interval=1m"},
            .prepare = {},
            .connection = [this](const TestDatabase& database, int server) {
              return server == 0 ? database.Via(to_database_.port(), PgRole::kApp)
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

  // Repeats `call` with the k-th message lost, k from 1 until a call needs fewer messages.
  void CutAtEveryMessage(TcpProxy& proxy, const std::function<void()>& call) {
    for (const Accident& accident : kAccidents) {
      int number = 0;
      bool fired = true;
      while (fired && number < kMessagesMax) {
        // So that the messages are those of the call, not those of connecting.
        ASSERT_TRUE(deployment_.client(0).RequestOtp(NextPerson()).ok());
        const auto rule = proxy.Add(
            {.direction = accident.direction, .action = accident.action, .number = ++number});
        SCOPED_TRACE(absl::StrCat("direction ", static_cast<int>(accident.direction), " action ",
                                  static_cast<int>(accident.action), " message ", number));
        call();
        fired = rule->Disarm();
        if (::testing::Test::HasFailure()) return;
      }
      EXPECT_LT(number, kMessagesMax);
      EXPECT_GT(number, 1) << "nothing was cut";
    }
  }

  // Server 1 and its database are always reached directly; `client` is server 0's.
  void RequestAndRepeat(AuthClient& client) {
    const std::string person = NextPerson();
    const CallOptions id = NextRequestId();
    const auto first = client.RequestOtp(person, id);
    ASSERT_TRUE(first.ok() || MayBeRepeated(first.reason)) << first.reason << first.message;
    const auto again = deployment_.client(1).RequestOtp(person, id);
    ASSERT_TRUE(again.ok()) << again.reason << " " << again.message;
    EXPECT_TRUE(!first.ok() || again.reply.handle() == first.reply.handle());
    EXPECT_EQ(CountOf("outbox", person), "1");
    EXPECT_EQ(CountOf("signup_otps", person), "1");
  }

  void VerifyAndRepeat(AuthClient& client) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const CallOptions id = NextRequestId();
    const std::string& handle = asked.reply.handle();
    const std::string& code = asked.reply.development_code();
    const auto first = client.VerifyOtp(handle, code, id);
    ASSERT_TRUE(first.ok() || MayBeRepeated(first.reason)) << first.reason << first.message;
    const auto again = deployment_.client(1).VerifyOtp(handle, code, id);
    ASSERT_TRUE(again.ok()) << again.reason << " " << again.message;
    if (first.ok()) {
      EXPECT_EQ(again.reply.refresh_token(), first.reply.refresh_token());
      EXPECT_EQ(again.reply.session_id(), first.reply.session_id());
    }
    EXPECT_EQ(SessionsOf(again.reply.user().id()), "1");
    EXPECT_EQ(CountOf("identities", person), "1");
  }

  // A wrong guess without request_id: whoever got an answer was counted, and nobody twice.
  void GuessAndCount(AuthClient& client) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const std::string wrong = WrongCode(asked.reply.development_code());
    const auto first = client.VerifyOtp(asked.reply.handle(), wrong);
    const std::string counted = deployment_.database().Value(absl::StrCat(
        "SELECT attempts || ' ' || (SELECT failures FROM subjects WHERE identifier = '", person,
        "') FROM signup_otps WHERE identifier = '", person, "'"));
    if (first.reason == "OTP_INVALID") {
      EXPECT_EQ(first.attempts_remaining, 4);
      EXPECT_EQ(counted, "1 1");
    } else {
      ASSERT_TRUE(MayBeRepeated(first.reason)) << first.reason << first.message;
      EXPECT_TRUE(counted == "0 0" || (counted == "1 1" && first.reason != "UNAVAILABLE"))
          << counted;
    }
  }

  std::string SessionsOf(const std::string& user) {
    return deployment_.database().Value(
        absl::StrCat("SELECT count(*) FROM sessions WHERE translate(encode(user_id, 'base64'), "
                     "'+/=', '-_') = '",
                     user, "'"));
  }

  TcpProxy to_database_{SharedPgCluster().SocketPath(), Framing::kPostgres};
  Deployment deployment_{Options()};

 private:
  int people_ = 0;
  int ids_ = 0;
};

TEST_F(LostReplyTest, G1_RequestOtpWithItsDatabaseLostAtEveryMessage) {
  CutAtEveryMessage(to_database_, [this] { RequestAndRepeat(deployment_.client(0)); });
}

TEST_F(LostReplyTest, G1_G5_VerifyOtpWithItsDatabaseLostAtEveryMessage) {
  CutAtEveryMessage(to_database_, [this] { VerifyAndRepeat(deployment_.client(0)); });
}

TEST_F(LostReplyTest, B7_WrongGuessWithItsDatabaseLostAtEveryMessage) {
  CutAtEveryMessage(to_database_, [this] { GuessAndCount(deployment_.client(0)); });
}

// The reply, or the request, is lost on the way; each call has a connection of its own.
class LostCallTest : public LostReplyTest {
 protected:
  void CutCalls(const std::function<void(AuthClient&)>& call) {
    CutAtEveryMessage(to_server_, [&] {
      AuthClient client(to_server_.port());
      call(client);
    });
  }

  TcpProxy to_server_{absl::StrCat(deployment_.server(0).port()), Framing::kHttp2};
};

TEST_F(LostCallTest, G1_RequestOtpCutAtEveryFrame) {
  CutCalls([this](AuthClient& client) { RequestAndRepeat(client); });
}
TEST_F(LostCallTest, G1_VerifyOtpCutAtEveryFrame) {
  CutCalls([this](AuthClient& client) { VerifyAndRepeat(client); });
}
TEST_F(LostCallTest, B7_WrongGuessCutAtEveryFrame) {
  CutCalls([this](AuthClient& client) { GuessAndCount(client); });
}

}  // namespace
}  // namespace otpgate::testing
