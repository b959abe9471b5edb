// Front ends of older designs: every example of COMPAT.md, through a gateway to a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/golden_examples.h"
#include "tests/e2e/rest_fixture.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;

// A server and its gateway, and what was sent to people.
class CompatDeployment {
 public:
  explicit CompatDeployment(bool development, std::vector<std::string> flags = {})
      : deployment_({.servers = 1, .flags = std::move(flags), .reveal_codes = development}),
        rest_(deployment_.server(0).port()) {}

  RestGateway& rest() { return rest_; }
  Deployment& deployment() { return deployment_; }

  // Sends a request and waits until the messages that it caused have left.
  RestAnswer Ask(const GoldenExample& example, const GoldenNames& names) {
    RestAnswer answer = rest_.Ask(example.method, example.path, names.Filled(example.body),
                                  names.Filled(example.headers));
    const std::string made = deployment_.database().Value("SELECT count(*) FROM outbox");
    EXPECT_TRUE(deployment_.server(0).WaitForEvent("OTP_MESSAGE_SENT", std::stoi(made)));
    return answer;
  }

  // The code of the last message.
  std::string LastCode() const {
    std::ifstream in(deployment_.MessagesFile());
    std::string code = "000000";
    for (std::string line; std::getline(in, line);) code = json::parse(line)["code"];
    return code;
  }

 private:
  Deployment deployment_;
  RestGateway rest_;
};

void Play(const GoldenSection& section, CompatDeployment& compat) {
  GoldenNames names;
  for (const GoldenExample& example : section.examples) {
    SCOPED_TRACE(absl::StrCat("COMPAT.md:", example.line, ": ", example.path));
    const RestAnswer answer = compat.Ask(example, names);
    names.Set("code", compat.LastCode());
    names.Set("wrong", support::WrongCode(compat.LastCode()));
    EXPECT_EQ(answer.status, example.status) << answer.body;
    EXPECT_TRUE(names.Matches(example.reply, answer.body))
        << "wanted " << example.reply << "\ngot    " << answer.body;
    for (const std::string& header : example.reply_headers) {
      EXPECT_THAT(answer.head, ::testing::HasSubstr(names.Filled(header)));
    }
  }
}

TEST(CompatTest, EveryExampleIsTrue) {
  const GoldenExamples document(OTPGATE_COMPAT_DOCUMENT);
  const auto transcoder = *gateway::Transcoder::Create(gateway::ServedServices());
  std::set<const gateway::Binding*> shown;
  for (const GoldenSection& section : document.sections()) {
    SCOPED_TRACE(section.title);
    CompatDeployment compat(absl::StrContains(section.title, "development"));
    Play(section, compat);
    for (const GoldenExample& example : section.examples) {
      const gateway::LookupResult route = transcoder.routes().Lookup(example.method, example.path);
      shown.insert(std::get<gateway::Match>(route).binding);
    }
  }
  for (const gateway::Binding& binding : transcoder.routes().bindings()) {
    if (binding.method->service()->name() != "CompatService") continue;
    EXPECT_TRUE(shown.contains(&binding)) << "a route of " << binding.method->name();
  }
}

// The last example of each design, with its key or that of all switched off.
TEST(CompatTest, DesignsAreSwitchedOffOneByOneOrAsAWhole) {
  const GoldenExamples document(OTPGATE_COMPAT_DOCUMENT);
  std::set<std::string> keys = {"compat.enabled"};
  for (const GoldenSection& section : document.sections()) keys.insert(section.key());
  for (const std::string& key : keys) {
    CompatDeployment compat(/*development=*/false, {absl::StrCat("--", key, "=false")});
    for (const GoldenSection& section : document.sections()) {
      const int status = compat.Ask(section.examples.back(), GoldenNames()).status;
      EXPECT_EQ(status == 404, key == "compat.enabled" || key == section.key())
          << section.title << " without " << key << ": " << status;
    }
  }
}

// A code that AuthService made is bound to its handle.
TEST(CompatTest, B9_ACodeWithAHandleIsNotEvaluatedWithoutIt) {
  CompatDeployment compat(/*development=*/true);
  support::AuthClient& client = compat.deployment().client();
  const auto asked = client.RequestOtp("bound@example.com");
  ASSERT_TRUE(asked.ok());
  const json guess = {{"email", "bound@example.com"}, {"otp_code", asked.reply.development_code()}};
  EXPECT_EQ(compat.rest().Post("/api/v1/users/signup/verify-otp", guess).status, 400);
  EXPECT_TRUE(client.VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
}

TEST(CompatTest, AVerificationWithoutATokenMakesNoAccountAndNoSession) {
  CompatDeployment compat(/*development=*/false);
  GoldenExample send;
  send.method = "POST";
  send.path = "/verify-phone";
  send.body = R"({"phone": "+15551234590"})";
  ASSERT_EQ(compat.Ask(send, GoldenNames()).status, 200);
  const json guess = {{"phone", "+15551234590"}, {"code", compat.LastCode()}};
  ASSERT_EQ(compat.rest().Post("/verify-phone-code", guess).status, 200);
  EXPECT_EQ(compat.deployment().database().Value(
                "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM identities) +"
                " (SELECT count(*) FROM sessions)"),
            "0");
}

// Signs in over the routes of the OTP service.
class CompatSessionTest : public ::testing::Test {
 protected:
  CompatSessionTest() : compat_(/*development=*/true) {
    compat_.rest().Post("/api/auth/otp/request", {{"phoneNumber", kPhone}});
    const RestAnswer asked = compat_.rest().Post("/api/auth/otp/resend", {{"phoneNumber", kPhone}});
    const RestAnswer verified = compat_.rest().Post(
        "/api/auth/otp/verify", {{"phoneNumber", kPhone}, {"otp", asked.body["otp"]}});
    EXPECT_EQ(verified.status, 200) << verified.body;
    token_ = verified.body["token"];
  }

  int StatusOfMe(const std::string& token) {
    return compat_.rest().Ask("GET", "/v1/users/me", "", Bearer(token)).status;
  }
  static std::string Bearer(const std::string& token) {
    return absl::StrCat("Authorization: Bearer ", token, "\r\n");
  }
  void Age(const std::string& interval) {
    compat_.deployment().database().Query(absl::StrCat(
        "UPDATE sessions SET created_at = created_at - i, idle_expires_at = idle_expires_at - i,"
        " absolute_expires_at = absolute_expires_at - i FROM (SELECT interval '",
        interval, "' AS i) AS age"));
  }
  support::AuthClient& client() { return compat_.deployment().client(); }

  static constexpr char kPhone[] = "+15551234580";
  CompatDeployment compat_;
  std::string token_;
};

TEST_F(CompatSessionTest, ASessionTokenOutlivesAccessTokensAndLastsForThirtyDays) {
  EXPECT_EQ(StatusOfMe(token_), 200);
  Age("16 min");
  EXPECT_EQ(StatusOfMe(token_), 200);
  Age("29 days");
  EXPECT_EQ(StatusOfMe(token_), 200);
  Age("1 day");
  EXPECT_EQ(StatusOfMe(token_), 401);
}

TEST_F(CompatSessionTest, E5_ASessionTokenIsNoOtherToken) {
  const support::CallOptions bearer{.authorization = "Bearer " + token_};
  EXPECT_EQ(client().ListSessions(bearer).reason, "UNAUTHENTICATED");
  EXPECT_EQ(client().RevokeAllSessions(bearer).reason, "UNAUTHENTICATED");
  const support::CodeRequest verification{.identifier = "me@example.com",
                                          .purpose = v1::PURPOSE_VERIFY_EMAIL};
  EXPECT_EQ(client().RequestOtp(verification, bearer).reason, "UNAUTHENTICATED");
  EXPECT_FALSE(client().IntrospectToken(token_).reply.active());
  EXPECT_EQ(client().RefreshToken(token_).reason, "TOKEN_INVALID");
  EXPECT_EQ(StatusOfMe(token_), 200);

  const auto asked = client().RequestOtp("other@example.com");
  const auto signed_in = client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  EXPECT_EQ(StatusOfMe(signed_in.reply.refresh_token()), 401);
}

TEST_F(CompatSessionTest, F8_AForcedLogoutRevokesTokensOfAllKinds) {
  const auto asked = client().RequestOtp(kPhone);
  const auto signed_in = client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  const std::string access = signed_in.reply.access_token();
  const auto verify = [this](const std::string& token) {
    return compat_.rest().Post("/verify-phone", {{"phone", "+15551234581"}}, Bearer(token));
  };
  EXPECT_EQ(verify(access).status, 200);
  ASSERT_TRUE(client().RevokeAllSessions({.authorization = "Bearer " + access}).ok());
  for (const std::string& token : {access, token_}) {
    const RestAnswer answer = verify(token);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.body, json({{"error", "Token revoked"}}));
    EXPECT_EQ(StatusOfMe(token), 401);
  }
}

TEST_F(CompatSessionTest, TheCookieIsForTheRoutesThatTakeItAndForTrustedPages) {
  const std::string cookie = absl::StrCat("Cookie: __Host-otpgate-token=", token_, "\r\n");
  const auto me = [&](const std::string& headers) {
    return compat_.rest().Ask("GET", "/v1/users/me", "", cookie + headers).status;
  };
  EXPECT_EQ(me(""), 200);
  EXPECT_EQ(me("Origin: https://a\r\n"), 200);  // the Host of the client of these tests
  EXPECT_EQ(me("Sec-Fetch-Site: same-origin\r\n"), 200);
  EXPECT_EQ(me("Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(me("Origin: https://a.evil.example\r\n"), 403);
  EXPECT_EQ(me("Origin: null\r\n"), 403);
  EXPECT_EQ(me("Referer: https://evil.example/a\r\n"), 403);
  EXPECT_EQ(me(cookie), 400);
  EXPECT_EQ(me(Bearer("other")), 401);  // the header counts
  EXPECT_EQ(compat_.rest().Ask("GET", "/v1/sessions", "", cookie).status, 401);
}

// Five guesses for everybody, whoever asked for the code.
TEST(CompatTest, B6_TheBudgetOfACodeIsFive) {
  CompatDeployment compat(/*development=*/false);
  const std::string path = "/api/v1/users/signup/";
  GoldenExample send;
  send.method = "POST";
  send.path = path + "send-otp";
  send.body = R"({"email": "five@example.com"})";
  ASSERT_EQ(compat.Ask(send, GoldenNames()).status, 200);
  const std::string code = compat.LastCode();
  json guess = {{"email", "five@example.com"}, {"otp_code", support::WrongCode(code)}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(compat.rest().Post(path + "verify-otp", guess).status, 400);
  }
  guess["otp_code"] = code;
  EXPECT_EQ(compat.rest().Post(path + "verify-otp", guess).status, 400);
  EXPECT_EQ(compat.deployment().database().Value(
                "SELECT failures FROM subjects WHERE identifier = 'five@example.com'"),
            "5");
}

}  // namespace
}  // namespace otpgate::e2e
