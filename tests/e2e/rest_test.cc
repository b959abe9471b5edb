// Signing in over REST: the gateway in front of a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/rest_fixture.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;

// The value of a header; empty: there is none.
std::string HeaderIn(const std::string& head, const std::string& name) {
  const std::string begin = absl::StrCat("\r\n", name, ": ");
  const size_t at = head.find(begin);
  if (at == std::string::npos) return "";
  return head.substr(at + begin.size(), head.find('\r', at + 2) - at - begin.size());
}

class RestTest : public ::testing::Test {
 protected:
  RestTest() : deployment_({.servers = 1}), rest_(deployment_.server(0).port()) {}

  RestAnswer Ask(const std::string& method, const std::string& path, const std::string& body = "",
                 const std::string& headers = "") {
    return rest_.Ask(method, path, body, headers);
  }
  RestAnswer Post(const std::string& path, const json& body, const std::string& headers = "") {
    return rest_.Post(path, body, headers);
  }

  json SignIn(const std::string& email) {
    const RestAnswer asked = Post("/v1/otp:request", {{"identifier", {{"email", email}}}});
    EXPECT_EQ(asked.status, 200) << asked.body;
    const RestAnswer verified = Post("/v1/otp:verify", {{"handle", asked.body["handle"]},
                                                        {"code", asked.body["developmentCode"]}});
    EXPECT_EQ(verified.status, 200) << verified.body;
    return verified.body;
  }
  static std::string Bearer(const json& tokens) {
    return absl::StrCat("Authorization: Bearer ", tokens["accessToken"].get<std::string>(), "\r\n");
  }

  Deployment deployment_;
  RestGateway rest_;
};

TEST_F(RestTest, AWholeLifeOfASession) {
  const json signed_in = SignIn("rest@example.com");
  EXPECT_EQ(signed_in["verified"], true);
  EXPECT_EQ(signed_in["tokenType"], "bearer");

  const RestAnswer me = Ask("GET", "/v1/users/me", "", Bearer(signed_in));
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(me.body["user"]["email"], "rest@example.com");

  const RestAnswer refreshed =
      Post("/v1/tokens:refresh", {{"refreshToken", signed_in["refreshToken"]}});
  EXPECT_EQ(refreshed.status, 200);
  EXPECT_NE(refreshed.body["refreshToken"], signed_in["refreshToken"]);

  const RestAnswer sessions = Ask("GET", "/v1/sessions", "", Bearer(refreshed.body));
  ASSERT_EQ(sessions.body["sessions"].size(), 1U);
  const std::string id = signed_in["sessionId"];
  EXPECT_EQ(Ask("DELETE", "/v1/sessions/" + id, "", Bearer(refreshed.body)).status, 200);
  EXPECT_EQ(Ask("GET", "/v1/users/me", "", Bearer(refreshed.body)).status, 401);
}

TEST_F(RestTest, AWrongCodeIs400AndTellsWhatIsLeft) {
  const RestAnswer asked =
      Post("/v1/otp:request", {{"identifier", {{"phoneNumber", "+14155550123"}}}});
  const std::string code = asked.body["developmentCode"];
  const RestAnswer wrong = Post(
      "/v1/otp:verify", {{"handle", asked.body["handle"]}, {"code", support::WrongCode(code)}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body["code"], 9);  // FAILED_PRECONDITION
  EXPECT_EQ(wrong.body["details"][0]["reason"], "OTP_INVALID");
  EXPECT_EQ(wrong.body["details"][0]["metadata"]["attempts_remaining"], "4");
}

TEST_F(RestTest, D7_TooManyCodesAre429WithTheTimeToWait) {
  RestAnswer answer;
  for (int i = 0; i < 10 && answer.status != 429; ++i) {
    answer = Post("/v1/otp:request", {{"identifier", {{"email", "often@example.com"}}}});
  }
  EXPECT_EQ(answer.status, 429);
  const std::string wait = HeaderIn(answer.head, "Retry-After");
  int seconds = 0;
  EXPECT_TRUE(absl::SimpleAtoi(wait, &seconds) && seconds >= 1 && seconds <= 900) << wait;
  EXPECT_EQ(HeaderIn(answer.head, "RateLimit"), absl::StrCat("\"subject_sends\";r=0;t=", wait));
  EXPECT_EQ(HeaderIn(answer.head, "RateLimit-Policy"), "\"subject_sends\";q=3;w=900");
}

// What somebody sees of an answer, with "text" for texts and without what every answer has anew.
std::string FaceOf(const RestAnswer& answer) {
  std::string face;
  for (const absl::string_view line : absl::StrSplit(answer.head, "\r\n")) {
    if (!absl::StartsWith(line, "Date: ") && !absl::StartsWith(line, "X-Request-Id: ")) {
      absl::StrAppend(&face, line, "\n");
    }
  }
  json body = answer.body;
  if (body.contains("details")) body["details"][0].erase("metadata");  // how many guesses are left
  for (const char* name : {"handle", "maskedDestination", "developmentCode"}) {
    if (body.contains(name)) body[name] = body[name] == "" ? "" : "text";
  }
  return face + body.dump();
}

TEST_F(RestTest, C4_KnownUnknownDisabledAndBlockedLookTheSame) {
  std::vector<std::string> faces;
  for (const std::string person : {"unkno", "known", "disab", "block"}) {
    const std::string email = person + "@example.com";
    if (person != "unkno") SignIn(email);
    if (person == "disab")
      deployment_.database().Query(
          "UPDATE users SET status = 'disabled' WHERE id = (SELECT user_id FROM subjects WHERE "
          "identifier = 'disab@example.com')");
    if (person == "block")
      deployment_.database().Query(
          "UPDATE subjects SET failures = 20, blocked_until = now() + interval '1 hour' WHERE "
          "identifier = 'block@example.com'");
    const RestAnswer asked = Post("/v1/otp:request", {{"identifier", {{"email", email}}}});
    const std::string handle = asked.body["handle"];
    const std::string wrong = support::WrongCode(asked.body["developmentCode"]);
    faces.push_back(absl::StrCat(
        FaceOf(asked), FaceOf(Post("/v1/otp:verify", {{"handle", handle}, {"code", wrong}})),
        FaceOf(Post("/v1/otp:verify", {{"handle", handle.substr(1) + "A"}, {"code", wrong}}))));
  }
  EXPECT_THAT(faces, ::testing::Each(faces[0]));
  EXPECT_THAT(faces[0], ::testing::HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(faces[0], ::testing::HasSubstr("OTP_INVALID"));
}

TEST_F(RestTest, ARepeatWithTheSameIdempotencyKeySendsOneMessage) {
  const json request = {{"identifier", {{"email", "once@example.com"}}}};
  const RestAnswer first = Post("/v1/otp:request", request, "Idempotency-Key: \"k 1\"\r\n");
  const RestAnswer second = Post("/v1/otp:request", request, "Idempotency-Key: \"k 1\"\r\n");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.body["handle"], second.body["handle"]);
  EXPECT_EQ(second.body["developmentCode"], "");
  const json other = {{"identifier", {{"email", "once@example.com"}}}, {"locale", "de"}};
  EXPECT_EQ(Post("/v1/otp:request", other, "Idempotency-Key: \"k 1\"\r\n").status, 422);
}

TEST_F(RestTest, ARequestIsFoundInTheLogOfTheServerByItsId) {
  const RestAnswer answer = Ask("GET", "/v1/users/me", "", "X-Request-Id: trace-42\r\n");
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.head, ::testing::HasSubstr("X-Request-Id: trace-42\r\n"));
  // The line is written after the answer was sent.
  EXPECT_TRUE(support::Eventually([&] {
    return absl::StrContains(deployment_.server(0).Log(), "\"x_request_id\":\"trace-42\"");
  }));
}

TEST_F(RestTest, WithoutAServerTheAnswerIs503) {
  deployment_.server(0).Signal(SIGKILL);
  deployment_.server(0).Wait();
  const RestAnswer answer = Ask("GET", "/.well-known/jwks.json");
  EXPECT_EQ(answer.status, 503) << answer.body;
  EXPECT_EQ(Ask("GET", "/readyz").status, 503);
}

}  // namespace
}  // namespace otpgate::e2e
