// The OAuth endpoints of the gateway, as middleware and calling services with secrets use them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/caller_files.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/rest_fixture.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;
using ::testing::HasSubstr;

constexpr char kIssuer[] = "https://auth.example.com";

class OAuthTest : public ::testing::Test {
 protected:
  OAuthTest()
      : callers_({{"kiosk"}, {"orders", false, "otpgate.v1.AuthService/IntrospectToken"}}),
        deployment_({.servers = 1,
                     .flags = {"--enable_rate_limit=false", callers_.Flag(),
                               absl::StrCat("--tokens.issuer=", kIssuer)}}),
        rest_(deployment_.server(0).port(), OptionsOf(kIssuer)) {}

  static gateway::GatewayOptions OptionsOf(const std::string& issuer) {
    gateway::GatewayOptions options;
    options.issuer = issuer;
    return options;
  }
  // The header of a calling service with a secret.
  static std::string As(const std::string& caller) {
    return absl::StrCat("Authorization: ", CallerFiles::HeaderOf(caller), "\r\n");
  }

  json SignIn(const std::string& email, const std::string& headers) {
    const RestAnswer asked =
        rest_.Post("/v1/otp:request", {{"identifier", {{"email", email}}}}, headers);
    EXPECT_EQ(asked.status, 200) << asked.body;
    const RestAnswer verified = rest_.Post(
        "/v1/otp:verify",
        {{"handle", asked.body["handle"]}, {"code", asked.body["developmentCode"]}}, headers);
    EXPECT_EQ(verified.status, 200) << verified.body;
    return verified.body;
  }
  // Tokens have no characters that a form encodes.
  RestAnswer Refresh(const json& token, const std::string& headers) {
    return rest_.PostForm(
        "/oauth2/token",
        absl::StrCat("grant_type=refresh_token&refresh_token=", token.get<std::string>()), headers);
  }
  RestAnswer Introspect(const json& token) {
    return rest_.PostForm("/oauth2/introspect", absl::StrCat("token=", token.get<std::string>()),
                          As("orders"));
  }
  void OutliveGrace() {
    deployment_.database().Query("UPDATE sessions SET rotated_at = rotated_at - interval '1 min'");
  }
  static void ExpectError(const RestAnswer& answer, int status, const std::string& error) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.body["error"], error);
    EXPECT_THAT(answer.head, HasSubstr("Cache-Control: no-store"));
  }

  const CallerFiles callers_;
  Deployment deployment_;
  RestGateway rest_;
};

TEST_F(OAuthTest, ASessionLivesOnThroughTheTokenEndpoint) {
  const json first = SignIn("a@example.com", As("kiosk"));
  const RestAnswer second = Refresh(first["refreshToken"], As("kiosk"));
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(second.body["token_type"], "Bearer");
  EXPECT_GT(second.body["expires_in"], 0);
  EXPECT_EQ(second.body.size(), 4U);

  const RestAnswer facts = Introspect(second.body["access_token"]);
  EXPECT_EQ(facts.status, 200);
  EXPECT_EQ(facts.body["active"], true);
  EXPECT_EQ(facts.body["token_type"], "Bearer");
  EXPECT_EQ(facts.body["client_id"], "kiosk");
  EXPECT_EQ(facts.body["sid"], first["sessionId"]);
  EXPECT_EQ(facts.body["sub"], first["user"]["id"]);
  EXPECT_EQ(facts.body["user_type"], "live");
  EXPECT_EQ(facts.body["amr"], json::parse(R"(["email"])"));
  EXPECT_EQ(facts.body["iss"], kIssuer);
  EXPECT_EQ(Introspect(second.body["refresh_token"]).body["token_type"], "refresh_token");
}

TEST_F(OAuthTest, F3_F4_AReplayedRefreshTokenIsInvalidGrantAndEndsTheSession) {
  const json first = SignIn("b@example.com", As("kiosk"));
  const RestAnswer second = Refresh(first["refreshToken"], As("kiosk"));
  ASSERT_EQ(second.status, 200);
  // A lost answer is given again.
  EXPECT_EQ(Refresh(first["refreshToken"], As("kiosk")).body["refresh_token"],
            second.body["refresh_token"]);
  OutliveGrace();
  ExpectError(Refresh(first["refreshToken"], As("kiosk")), 400, "invalid_grant");
  ExpectError(Refresh(second.body["refresh_token"], As("kiosk")), 400, "invalid_grant");
  EXPECT_EQ(Introspect(second.body["access_token"]).body, json::parse(R"({"active":false})"));
  ExpectError(Refresh("unknown", As("kiosk")), 400, "invalid_grant");
}

TEST_F(OAuthTest, TheIdempotencyKeyIsGoodLongerThanTheGrace) {
  const json first = SignIn("c@example.com", As("kiosk"));
  const std::string headers = As("kiosk") + "Idempotency-Key: \"k 1\"\r\n";
  const RestAnswer second = Refresh(first["refreshToken"], headers);
  ASSERT_EQ(second.status, 200);
  OutliveGrace();
  EXPECT_EQ(Refresh(first["refreshToken"], headers).body["refresh_token"],
            second.body["refresh_token"]);
}

TEST_F(OAuthTest, B9_G4_ARefreshTokenIsGoodForItsCallerAlone) {
  const json first = SignIn("d@example.com", As("kiosk"));
  ExpectError(Refresh(first["refreshToken"], ""), 400, "invalid_grant");
  ExpectError(Refresh(first["refreshToken"], As("orders")), 400, "unauthorized_client");
  EXPECT_EQ(Refresh(first["refreshToken"], As("kiosk")).status, 200);
}

TEST_F(OAuthTest, WrongCredentialsAreInvalidClient) {
  const std::string wrong = absl::StrCat(
      "Authorization: ", CallerFiles::HeaderOf("orders", CallerFiles::SecretOf("kiosk")), "\r\n");
  for (const char* path : {"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"}) {
    const RestAnswer answer =
        rest_.PostForm(path, "grant_type=refresh_token&refresh_token=x&token=x", wrong);
    ExpectError(answer, 401, "invalid_client");
    EXPECT_THAT(answer.head, HasSubstr("WWW-Authenticate: Basic realm=\"otpgate\""));
  }
  ExpectError(rest_.PostForm("/oauth2/introspect", "token=x"), 401, "invalid_client");
  EXPECT_EQ(rest_.Post("/v1/tokens:introspect", {{"token", "x"}}, wrong).status, 401);
  EXPECT_EQ(rest_.Post("/v1/tokens:introspect", {{"token", "x"}}, As("orders")).status, 200);
}

TEST_F(OAuthTest, RevocationEndsTheSession) {
  const json tokens = SignIn("e@example.com", As("kiosk"));
  EXPECT_EQ(Introspect(tokens["accessToken"]).body["active"], true);
  const RestAnswer revoked = rest_.PostForm("/oauth2/revoke",
                                            absl::StrCat("token_type_hint=refresh_token&token=",
                                                         tokens["refreshToken"].get<std::string>()),
                                            As("kiosk"));
  EXPECT_EQ(revoked.status, 200);
  EXPECT_THAT(revoked.head, HasSubstr("Content-Length: 0"));
  EXPECT_EQ(Introspect(tokens["accessToken"]).body, json::parse(R"({"active":false})"));
  EXPECT_EQ(rest_.PostForm("/oauth2/revoke", "token=unknown").status, 200);
}

TEST_F(OAuthTest, MetadataNamesTheIssuerOfTheTokensAndTheirKeys) {
  const RestAnswer metadata = rest_.Ask("GET", "/.well-known/oauth-authorization-server");
  EXPECT_EQ(metadata.status, 200);
  EXPECT_EQ(metadata.body["issuer"], kIssuer);
  const std::string keys = metadata.body["jwks_uri"];
  EXPECT_EQ(rest_.Ask("GET", keys.substr(sizeof(kIssuer) - 1)).body["keys"].size(), 1U);
}

TEST_F(OAuthTest, WithoutAServerTheAnswerIs503) {
  deployment_.server(0).Signal(SIGKILL);
  deployment_.server(0).Wait();
  ExpectError(Refresh("x", ""), 503, "temporarily_unavailable");
}

}  // namespace
}  // namespace otpgate::e2e
