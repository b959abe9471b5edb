#include "clients/gateway/session_cookies.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/fake_backend.h"
#include "clients/gateway/gateway.h"
#include "clients/gateway/services.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using HeaderList = std::vector<HttpHeader>;

constexpr char kApp[] = "https://app.example.com";
constexpr char kVerify[] = R"({"handle":"h","code":"123456"})";
const HttpHeader kAsk{"x-otpgate-session", "cookie"};
const HttpHeader kFromApp{"origin", kApp};
const HttpHeader kCookie{"cookie", "a=b; __Secure-otpgate-session=r1; c=d"};

class SessionCookiesTest : public ::testing::Test {
 protected:
  explicit SessionCookiesTest(const std::string& issuer = "")
      : transcoder_(*Transcoder::Create(PublicServices())),
        gateway_(BehindIssuer(issuer), *Cors::Create({kApp}), &transcoder_, &backend_, &metrics_) {}

  HttpResponse Post(const std::string& path, const std::string& body, HeaderList headers) {
    HttpRequest request;
    request.method = "POST";
    request.path = request.target = path;
    request.headers = std::move(headers);
    request.headers.push_back({"content-type", "application/json"});
    request.headers.push_back({"host", "auth.example.com"});
    request.body = body;
    return AnswerOf(gateway_, std::move(request));
  }
  HttpResponse Refresh(HeaderList headers, const std::string& body = "{}") {
    return Post("/v1/tokens:refresh", body, std::move(headers));
  }

  template <class Message>
  Message Sent() const {
    Message message;
    EXPECT_EQ(backend_.calls.size(), 1U);
    if (!backend_.calls.empty()) {
      EXPECT_TRUE(message.ParseFromString(backend_.calls.back().message));
    }
    return message;
  }
  void Reply(const google::protobuf::Message& reply) {
    backend_.reply = {0, reply.SerializeAsString(), ""};
  }
  void ReplyTokens(const std::string& refresh) {
    v1::RefreshTokenResponse tokens;
    tokens.set_access_token("access");
    tokens.set_refresh_token(refresh);
    tokens.set_refresh_expires_in(3600);
    Reply(tokens);
  }
  void Refuse(const std::string& reason) {
    google::rpc::ErrorInfo info;
    info.set_domain("otpgate");
    info.set_reason(reason);
    google::rpc::Status status;
    status.set_code(16);
    status.add_details()->PackFrom(info);
    backend_.reply = {16, "no", status.SerializeAsString()};
  }
  static std::vector<std::string> CookiesOf(const HttpResponse& response) {
    std::vector<std::string> cookies;
    for (const HttpHeader& header : response.headers) {
      if (header.name == "Set-Cookie") cookies.push_back(header.value);
    }
    return cookies;
  }
  static GatewayOptions BehindIssuer(const std::string& issuer) {
    GatewayOptions options;
    options.issuer = issuer;
    return options;
  }
  static auto AreRemoved() {
    return ElementsAre(
        "__Secure-otpgate-session=; Path=/v1/tokens:refresh; Max-Age=0; Secure; "
        "HttpOnly; SameSite=Strict",
        "__Secure-otpgate-session=; Path=/v1/tokens:revoke; Max-Age=0; Secure; "
        "HttpOnly; SameSite=Strict");
  }

  FakeBackend backend_;
  GatewayMetrics metrics_;
  const Transcoder transcoder_;
  Gateway gateway_;
};

TEST_F(SessionCookiesTest, ASignInPutsTheTokenIntoTheCookieAndNotIntoTheBody) {
  v1::VerifyOtpResponse reply;
  reply.set_access_token("access");
  reply.set_refresh_token("r-1_A");
  reply.set_refresh_expires_in(86400);
  Reply(reply);
  const HttpResponse response = Post("/v1/otp:verify", kVerify, {kAsk, kFromApp});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(
      CookiesOf(response),
      ElementsAre("__Secure-otpgate-session=r-1_A; Path=/v1/tokens:refresh; Max-Age=86400; Secure; "
                  "HttpOnly; SameSite=Strict",
                  "__Secure-otpgate-session=r-1_A; Path=/v1/tokens:revoke; Max-Age=86400; Secure; "
                  "HttpOnly; SameSite=Strict"));
  EXPECT_THAT(response.body, HasSubstr(R"("accessToken":"access")"));
  EXPECT_THAT(response.body, HasSubstr(R"("refreshToken":"")"));
  EXPECT_THAT(response.body, Not(HasSubstr("r-1_A")));
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Access-Control-Allow-Credentials", "true"}));
}

TEST_F(SessionCookiesTest, AppsGetTheTokenInTheBodyAndNoCookie) {
  ReplyTokens("r2");
  const HttpResponse response = Refresh({kFromApp}, R"({"refreshToken":"r1"})");
  EXPECT_THAT(response.body, HasSubstr(R"("refreshToken":"r2")"));
  EXPECT_THAT(CookiesOf(response), IsEmpty());
}

TEST_F(SessionCookiesTest, AnAnswerWithoutATokenLeavesTheCookieAlone) {
  Reply(v1::VerifyOtpResponse());
  EXPECT_THAT(CookiesOf(Post("/v1/otp:verify", kVerify, {kAsk, kFromApp})), IsEmpty());
}

TEST_F(SessionCookiesTest, ARefreshTakesTheTokenFromTheCookie) {
  ReplyTokens("r2");
  for (const char* body : {"", "{}", R"({"refreshToken":""})"}) {
    backend_.calls.clear();
    const HttpResponse response = Refresh({kAsk, kFromApp, kCookie}, body);
    EXPECT_EQ(Sent<v1::RefreshTokenRequest>().refresh_token(), "r1") << body;
    EXPECT_THAT(CookiesOf(response), Contains(HasSubstr("session=r2; Path=/v1/tokens:refresh;")));
    EXPECT_THAT(response.body, Not(HasSubstr("r2")));
  }
}

TEST_F(SessionCookiesTest, WithoutTheHeaderTheCookieIsNotLookedAt) {
  Refresh({kFromApp, kCookie});
  EXPECT_EQ(Sent<v1::RefreshTokenRequest>().refresh_token(), "");
}

TEST_F(SessionCookiesTest, ASignOutEndsTheSessionOfTheCookieAndRemovesIt) {
  Reply(v1::RevokeTokenResponse());
  const HttpResponse response = Post("/v1/tokens:revoke", "{}", {kAsk, kFromApp, kCookie});
  EXPECT_EQ(Sent<v1::RevokeTokenRequest>().token(), "r1");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(CookiesOf(response), AreRemoved());
}

TEST_F(SessionCookiesTest, ACookieOfAnEndedSessionIsRemovedAndOthersStay) {
  Refuse("TOKEN_INVALID");
  EXPECT_THAT(CookiesOf(Refresh({kAsk, kFromApp, kCookie})), AreRemoved());
  for (const char* reason : {"REQUEST_SUPERSEDED", "UNAUTHENTICATED", "UNAVAILABLE"}) {
    Refuse(reason);
    EXPECT_THAT(CookiesOf(Refresh({kAsk, kFromApp, kCookie})), IsEmpty()) << reason;
  }
  Refuse("TOKEN_INVALID");
  EXPECT_THAT(CookiesOf(Refresh({kFromApp}, R"({"refreshToken":"r1"})")), IsEmpty());
}

TEST_F(SessionCookiesTest, TwoTokensAreRefused) {
  const HeaderList twice[] = {
      {kAsk, kFromApp, {"cookie", "__Secure-otpgate-session=r1; __Secure-otpgate-session=r1"}},
      {kAsk, kFromApp, kCookie, kCookie},
  };
  for (const HeaderList& headers : twice) EXPECT_EQ(Refresh(headers).status, 400);
  for (const char* token : {"r1", "r9"}) {
    const HttpResponse response =
        Refresh({kAsk, kFromApp, kCookie}, std::string(R"({"refreshToken":")") + token + R"("})");
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr("refresh_token"));
    EXPECT_THAT(response.body, Not(HasSubstr(token)));
  }
  EXPECT_THAT(backend_.calls, IsEmpty());
}

TEST_F(SessionCookiesTest, WithoutACookieNobodyIsSignedIn) {
  for (const char* cookies : {"a=b", "__Secure-otpgate-session=", "__Secure-otpgate-sessions=r1",
                              "x__Secure-otpgate-session=r1", "__Secure-otpgate-session"}) {
    EXPECT_EQ(Refresh({kAsk, kFromApp, {"cookie", cookies}}).status, 401) << cookies;
  }
  EXPECT_EQ(Refresh({kAsk, kFromApp, {"cookie", "__Secure-otpgate-session=\xC3\xA4"}}).status, 400);
  EXPECT_THAT(backend_.calls, IsEmpty());
}

struct PageCase {
  const char* name;
  HeaderList headers;
  int status;
};

class PageTest : public SessionCookiesTest, public ::testing::WithParamInterface<PageCase> {};

// Of the methods that set the cookie too: nobody signs a browser in to an account of their own.
TEST_P(PageTest, OnlyTrustedPagesHaveSessions) {
  Reply(v1::VerifyOtpResponse());
  HeaderList headers = GetParam().headers;
  headers.push_back(kAsk);
  EXPECT_EQ(Post("/v1/otp:verify", kVerify, headers).status, GetParam().status);
  headers.push_back(kCookie);
  backend_.calls.clear();
  ReplyTokens("r2");
  const HttpResponse response = Refresh(headers);
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_EQ(backend_.calls.empty(), GetParam().status == 403);
  EXPECT_EQ(CookiesOf(response).empty(), GetParam().status == 403);
}

INSTANTIATE_TEST_SUITE_P(
    Pages, PageTest,
    ::testing::Values(
        PageCase{"Listed", {kFromApp, {"sec-fetch-site", "same-site"}}, 200},
        PageCase{"ListedInAnOldBrowser", {kFromApp}, 200},
        PageCase{"SameOrigin",
                 {{"origin", "https://auth.example.com"}, {"sec-fetch-site", "same-origin"}},
                 200},
        PageCase{"SameOriginBehindAProxyThatChangesHost",
                 {{"origin", "https://public.example"}, {"sec-fetch-site", "same-origin"}},
                 200},
        PageCase{"SameOriginInAnOldBrowser", {{"origin", "https://auth.example.com"}}, 200},
        PageCase{"SameHostWithoutTls", {{"origin", "http://auth.example.com"}}, 403},
        PageCase{"OtherPort", {{"origin", "https://auth.example.com:444"}}, 403},
        PageCase{"OtherSite",
                 {{"origin", "https://evil.example"}, {"sec-fetch-site", "cross-site"}},
                 403},
        PageCase{"SiblingThatIsNotListed",
                 {{"origin", "https://blog.example.com"}, {"sec-fetch-site", "same-site"}},
                 403},
        PageCase{"SameHostByItsOwnWord",
                 {{"origin", "https://auth.example.com"}, {"sec-fetch-site", "cross-site"}},
                 403},
        PageCase{"OriginHidden", {{"origin", "null"}}, 403},
        PageCase{"AddressBar", {{"sec-fetch-site", "none"}}, 403}, PageCase{"NoWordOfIt", {}, 403}),
    [](const auto& test) { return test.param.name; });

TEST_F(SessionCookiesTest, TheHeaderHasOneValue) {
  EXPECT_EQ(Refresh({{"x-otpgate-session", "body"}, kFromApp, kCookie}).status, 400);
  EXPECT_EQ(Refresh({kAsk, kAsk, kFromApp, kCookie}).status, 400);
  EXPECT_THAT(backend_.calls, IsEmpty());
}

TEST_F(SessionCookiesTest, ATokenThatWouldEndTheCookieIsNotSent) {
  ReplyTokens("r2; Domain=example.com");
  const HttpResponse response = Refresh({kAsk, kFromApp, kCookie});
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(CookiesOf(response), IsEmpty());
  EXPECT_THAT(response.body, Not(HasSubstr("r2")));
}

TEST_F(SessionCookiesTest, OtherMethodsDoNotKnowTheHeader) {
  backend_.reply = {0, "", ""};
  EXPECT_EQ(Post("/v1/sessions:revokeAll", "{}", {kAsk, kCookie}).status, 200);
}

class BehindAPathTest : public SessionCookiesTest {
 protected:
  BehindAPathTest() : SessionCookiesTest("https://example.com/auth") {}
};

TEST_F(BehindAPathTest, TheCookieHasThePathThatBrowsersSee) {
  ReplyTokens("r2");
  EXPECT_THAT(CookiesOf(Refresh({kAsk, kFromApp, kCookie})),
              Contains(HasSubstr("; Path=/auth/v1/tokens:refresh; Max-Age=3600;")));
}

}  // namespace
}  // namespace otpgate::gateway
