#include "clients/gateway/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace otpgate::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kApp[] = "https://app.example.com";

Cors Allowing(std::vector<std::string> origins) { return *Cors::Create(std::move(origins)); }

HttpRequest Ask(const std::string& method, const std::string& origin) {
  HttpRequest request;
  request.method = method;
  request.headers = {{"origin", origin}, {"access-control-request-method", "POST"}};
  return request;
}

TEST(CorsTest, RefusesWhatIsNotAnOrigin) {
  for (const char* origin : {"*", "null", "", "app.example.com", "https://", "https://a/b",
                             "https://A.example.com", "ftp://a", "https://*.example.com"}) {
    EXPECT_FALSE(Cors::Create({origin}).ok()) << origin;
  }
  EXPECT_TRUE(Cors::Create({kApp, "http://localhost:3000", "http://[::1]:3000"}).ok());
}

TEST(CorsTest, APreflightOfAnAllowedOriginLearnsWhatItMaySend) {
  const HttpRequest request = Ask("OPTIONS", kApp);
  ASSERT_TRUE(Cors::IsPreflight(request));
  const HttpResponse response =
      Allowing({"https://b.example.com", kApp}).Preflight(request, {"DELETE", "GET"});
  EXPECT_EQ(response.status, 204);
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Access-Control-Allow-Origin", kApp}));
  EXPECT_THAT(response.headers,
              Contains(HttpHeader{"Access-Control-Allow-Methods", "DELETE, GET"}));
}

TEST(CorsTest, OtherOriginsLearnNothing) {
  const Cors cors = Allowing({kApp});
  for (const char* origin :
       {"https://evil.example.com", "http://app.example.com", "null",
        "https://app.example.com.evil.example", "https://app.example.com:444"}) {
    EXPECT_THAT(cors.Preflight(Ask("OPTIONS", origin), {"GET"}).headers,
                ElementsAre(HttpHeader{"Vary", "Origin"}))
        << origin;
    HttpResponse response;
    cors.AddTo(response, Ask("POST", origin));
    EXPECT_THAT(response.headers, ElementsAre(HttpHeader{"Vary", "Origin"})) << origin;
  }
}

TEST(CorsTest, CookiesAreAllowedToSessionsOfAllowedOriginsAlone) {
  const Cors cors = Allowing({kApp});
  const auto allows = [](const HttpResponse& response) {
    return std::count(response.headers.begin(), response.headers.end(),
                      HttpHeader{"Access-Control-Allow-Credentials", "true"}) == 1;
  };
  for (const bool session : {false, true}) {
    for (const char* origin : {kApp, "https://evil.example"}) {
      HttpRequest preflight = Ask("OPTIONS", origin);
      HttpRequest request = Ask("POST", origin);
      preflight.headers.push_back({"access-control-request-headers",
                                   session ? "content-type, X-Otpgate-Session" : "content-type"});
      if (session) request.headers.push_back({"x-otpgate-session", "cookie"});
      HttpResponse response;
      cors.AddTo(response, request);
      EXPECT_EQ(allows(response), session && origin == kApp) << origin;
      EXPECT_EQ(allows(cors.Preflight(preflight, {"POST"})), session && origin == kApp) << origin;
    }
  }
}

TEST(CorsTest, WithoutAListAnswersDoNotSpeakOfOrigins) {
  HttpResponse response;
  Cors().AddTo(response, Ask("POST", kApp));
  EXPECT_THAT(response.headers, IsEmpty());
}

}  // namespace
}  // namespace otpgate::gateway
