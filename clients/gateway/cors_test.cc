#include "clients/gateway/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(CorsTest, CredentialsOfTheBrowserAreNeverAllowed) {
  HttpResponse response;
  Allowing({kApp}).AddTo(response, Ask("POST", kApp));
  EXPECT_THAT(response.headers, Contains(HttpHeader{"Access-Control-Allow-Origin", kApp}));
  EXPECT_THAT(response.headers,
              Not(Contains(Field(&HttpHeader::name, "Access-Control-Allow-Credentials"))));
}

TEST(CorsTest, WithoutAListAnswersDoNotSpeakOfOrigins) {
  HttpResponse response;
  Cors().AddTo(response, Ask("POST", kApp));
  EXPECT_THAT(response.headers, IsEmpty());
}

}  // namespace
}  // namespace otpgate::gateway
