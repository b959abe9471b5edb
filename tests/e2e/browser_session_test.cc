// A web application whose refresh token is in a cookie, as its browser and other sites see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/rest_fixture.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kApp[] = "https://app.example.com";
constexpr char kRefresh[] = "/v1/tokens:refresh";
constexpr char kRevoke[] = "/v1/tokens:revoke";

// The cookies of a browser by their paths, and every token that they ever held.
class CookieJar {
 public:
  void Take(const std::string& head) {
    for (const absl::string_view line : absl::StrSplit(head, "\r\n")) {
      if (!absl::StartsWithIgnoreCase(line, "set-cookie: ")) continue;
      const std::vector<std::string> parts = absl::StrSplit(line.substr(12), "; ");
      EXPECT_THAT(parts, ::testing::IsSupersetOf({"Secure", "HttpOnly", "SameSite=Strict"}));
      std::string path;
      bool removed = false;
      for (const std::string& part : parts) {
        if (absl::StartsWith(part, "Path=")) path = part.substr(5);
        if (part == "Max-Age=0") removed = true;
      }
      cookies_.erase(path);
      if (removed) continue;
      cookies_[path] = parts[0];
      tokens_.insert(parts[0].substr(parts[0].find('=') + 1));
    }
  }
  std::string HeaderFor(const std::string& path) const {
    const auto found = cookies_.find(path);
    return found == cookies_.end() ? "" : absl::StrCat("Cookie: ", found->second, "\r\n");
  }
  std::set<std::string> Paths() const {
    std::set<std::string> paths;
    for (const auto& [path, cookie] : cookies_) paths.insert(path);
    return paths;
  }
  const std::set<std::string>& tokens() const { return tokens_; }

 private:
  std::map<std::string, std::string> cookies_;
  std::set<std::string> tokens_;
};

class BrowserSessionTest : public ::testing::Test {
 protected:
  BrowserSessionTest()
      : deployment_({.servers = 1, .flags = {"--enable_rate_limit=false"}}),
        rest_(deployment_.server(0).port(), {}, *gateway::Cors::Create({kApp})) {}

  // A request of a page of the browser; the cookie goes along as if it were the same site.
  RestAnswer From(const std::string& origin, const std::string& path, const json& body,
                  const std::string& headers = "X-Otpgate-Session: cookie\r\n") {
    RestAnswer answer = rest_.Post(
        path, body, absl::StrCat("Origin: ", origin, "\r\n", headers, jar_.HeaderFor(path)));
    jar_.Take(answer.head);
    for (const std::string& token : jar_.tokens()) {
      EXPECT_THAT(answer.body.dump(), Not(HasSubstr(token)));
    }
    return answer;
  }
  RestAnswer FromApp(const std::string& path, const json& body = json::object()) {
    return From(kApp, path, body);
  }

  RestAnswer SignIn() {
    const RestAnswer asked =
        FromApp("/v1/otp:request", {{"identifier", {{"email", "browser@example.com"}}}});
    RestAnswer verified = FromApp("/v1/otp:verify", {{"handle", asked.body["handle"]},
                                                     {"code", asked.body["developmentCode"]}});
    EXPECT_EQ(verified.status, 200) << verified.body;
    EXPECT_THAT(jar_.Paths(), ElementsAre(kRefresh, kRevoke));
    return verified;
  }
  int StatusOfMe(const json& tokens) {
    return rest_
        .Ask("GET", "/v1/users/me", "",
             absl::StrCat("Authorization: Bearer ", tokens["accessToken"].get<std::string>(),
                          "\r\n"))
        .status;
  }

  Deployment deployment_;
  RestGateway rest_;
  CookieJar jar_;
};

TEST_F(BrowserSessionTest, ScriptsNeverSeeTheRefreshToken) {
  const RestAnswer signed_in = SignIn();
  EXPECT_EQ(signed_in.body["refreshToken"], "");
  for (int i = 0; i < 2; ++i) {
    const RestAnswer refreshed = FromApp(kRefresh);
    ASSERT_EQ(refreshed.status, 200) << refreshed.body;
    EXPECT_EQ(refreshed.body["refreshToken"], "");
    EXPECT_EQ(StatusOfMe(refreshed.body), 200);
  }
  EXPECT_THAT(jar_.tokens(), SizeIs(3));
  EXPECT_EQ(FromApp(kRevoke).status, 200);
  EXPECT_THAT(jar_.Paths(), IsEmpty());
  EXPECT_EQ(StatusOfMe(signed_in.body), 401);
  EXPECT_EQ(FromApp(kRefresh).status, 401);
}

TEST_F(BrowserSessionTest, ASessionThatEndedElsewhereLeavesNoCookie) {
  const RestAnswer signed_in = SignIn();
  EXPECT_EQ(rest_
                .Post("/v1/sessions:revokeAll", json::object(),
                      absl::StrCat("Authorization: Bearer ",
                                   signed_in.body["accessToken"].get<std::string>(), "\r\n"))
                .status,
            200);
  const RestAnswer refused = FromApp(kRefresh);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body["details"][0]["reason"], "TOKEN_INVALID");
  EXPECT_THAT(jar_.Paths(), IsEmpty());
}

TEST_F(BrowserSessionTest, OtherSitesCanDoNothing) {
  const RestAnswer signed_in = SignIn();
  for (const char* origin : {"https://evil.example", "https://blog.example.com", "null"}) {
    for (const char* path : {kRefresh, kRevoke}) {
      EXPECT_EQ(From(origin, path, json::object()).status, 403) << origin << path;
      // As a form sends it: without a header that asks for a preflight.
      EXPECT_EQ(From(origin, path, json::object(), "").status, 400) << origin << path;
    }
  }
  EXPECT_EQ(StatusOfMe(signed_in.body), 200);
  EXPECT_EQ(FromApp(kRefresh).status, 200);
  EXPECT_THAT(jar_.tokens(), SizeIs(2));
}

TEST_F(BrowserSessionTest, TwoTokensAreRefusedAndTheSessionGoesOn) {
  SignIn();
  const std::string token = *jar_.tokens().begin();
  const std::string twice = absl::StrCat("X-Otpgate-Session: cookie\r\n", jar_.HeaderFor(kRefresh));
  EXPECT_EQ(From(kApp, kRefresh, json::object(), twice).status, 400);
  EXPECT_EQ(FromApp(kRefresh, {{"refreshToken", "another"}}).status, 400);
  EXPECT_EQ(FromApp(kRefresh, {{"refreshToken", token}}).status, 400);
  EXPECT_EQ(FromApp(kRefresh).status, 200);
}

TEST_F(BrowserSessionTest, AppsKeepTheTokenThemselves) {
  const RestAnswer asked =
      rest_.Post("/v1/otp:request", {{"identifier", {{"email", "app@example.com"}}}});
  const RestAnswer verified =
      rest_.Post("/v1/otp:verify",
                 {{"handle", asked.body["handle"]}, {"code", asked.body["developmentCode"]}});
  EXPECT_NE(verified.body["refreshToken"], "");
  EXPECT_THAT(verified.head, Not(HasSubstr("Set-Cookie")));
}

}  // namespace
}  // namespace otpgate::e2e
