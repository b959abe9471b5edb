// The connection from a caller to its server, or from the server to its database, is cut at every
// message of a call.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/proxied_database_fixture.h"

namespace otpgate::e2e {
namespace {

struct Accident {
  support::Direction direction;
  support::ProxyAction action;
};
constexpr Accident kAccidents[] = {
    {support::Direction::kToServer, support::ProxyAction::kCut},
    {support::Direction::kToServer, support::ProxyAction::kForwardThenCut},
    {support::Direction::kToClient, support::ProxyAction::kCut}};
constexpr int kMessagesMax = 40;  // of one call, in one direction

// Whether a refusal allows that the call was carried out, so that the caller repeats it.
bool MayBeRepeated(const std::string& reason) {
  return reason == "UNAVAILABLE" || reason == "OUTCOME_UNKNOWN" || reason.empty();
}

class LostReplyTest : public ProxiedDatabaseFixture {
 protected:
  // Makes `call` with its first message lost, then its second, until it needs fewer messages.
  void CutAtEveryMessage(support::TcpProxy& proxy, const std::function<void()>& call) {
    for (const Accident& accident : kAccidents) {
      int number = 0;
      bool fired = true;
      while (fired && number < kMessagesMax) {
        // Connects server 0, so that the messages are those of the call.
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

  // `client` calls server 0; the repeat goes to server 1, whose connections are not cut.
  void RequestAndRepeat(support::AuthClient& client) {
    const std::string person = NextPerson();
    const support::CallOptions id = NextRequestId();
    const auto first = client.RequestOtp(person, id);
    ASSERT_TRUE(first.ok() || MayBeRepeated(first.reason)) << first.reason << first.message;
    const auto again = deployment_.client(1).RequestOtp(person, id);
    ASSERT_TRUE(again.ok()) << again.reason << " " << again.message;
    EXPECT_TRUE(!first.ok() || again.reply.handle() == first.reply.handle());
    EXPECT_EQ(CountOf("outbox", person), "1");
    EXPECT_EQ(CountOf("signup_otps", person), "1");
  }

  void VerifyAndRepeat(support::AuthClient& client) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const support::CallOptions id = NextRequestId();
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

  // A wrong guess without request_id: one that was answered is counted, and none is counted twice.
  void GuessAndCount(support::AuthClient& client) {
    const std::string person = NextPerson();
    const auto asked = deployment_.client(1).RequestOtp(person);
    ASSERT_TRUE(asked.ok()) << asked.message;
    const std::string wrong = support::WrongCode(asked.reply.development_code());
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

// The connection to the server is cut; each call has its own.
class LostCallTest : public LostReplyTest {
 protected:
  void CutCalls(const std::function<void(support::AuthClient&)>& call) {
    CutAtEveryMessage(to_server_, [&] {
      support::AuthClient client(to_server_.port());
      call(client);
    });
  }

  support::TcpProxy to_server_{absl::StrCat(deployment_.server(0).port()),
                               support::Framing::kHttp2};
};

TEST_F(LostCallTest, G1_RequestOtpCutAtEveryFrame) {
  CutCalls([this](support::AuthClient& client) { RequestAndRepeat(client); });
}
TEST_F(LostCallTest, G1_VerifyOtpCutAtEveryFrame) {
  CutCalls([this](support::AuthClient& client) { VerifyAndRepeat(client); });
}
TEST_F(LostCallTest, B7_WrongGuessCutAtEveryFrame) {
  CutCalls([this](support::AuthClient& client) { GuessAndCount(client); });
}

}  // namespace
}  // namespace otpgate::e2e
