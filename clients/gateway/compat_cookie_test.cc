#include "clients/gateway/compat_cookie.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/services.h"

namespace otpgate::gateway {
namespace {

using HeaderPairs = std::vector<std::pair<std::string, std::string>>;

class CompatCookieTest : public ::testing::Test {
 protected:
  // The status of the refusal; 0: the cookie became the bearer token.
  int Take(const HeaderPairs& headers, const std::string& path = "/v1/users/me") {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    request.headers = {{"host", "auth.example.com"},
                       {"cookie", "a=b; __Host-otpgate-token=s3cret"}};
    for (const auto& [name, value] : headers) request.headers.push_back({name, value});
    const auto refused = TakeCompatCookie(transcoder_.routes(), cors_, request);
    bearer_ = request.Find("authorization") == nullptr ? "" : *request.Find("authorization");
    return refused ? refused->http_status : 0;
  }

  const Transcoder transcoder_ = *Transcoder::Create(ServedServices());
  const Cors cors_ = *Cors::Create({"https://app.example.com"});
  std::string bearer_;
};

TEST_F(CompatCookieTest, TrustedPagesAndProgramsUseIt) {
  for (const HeaderPairs& headers : std::vector<HeaderPairs>{
           {},
           {{"origin", "https://auth.example.com"}},
           {{"origin", "https://app.example.com"}, {"sec-fetch-site", "same-site"}},
           {{"sec-fetch-site", "same-origin"}},
           {{"sec-fetch-site", "none"}},
           {{"referer", "https://app.example.com/page?a=https://evil.example.com"}},
           {{"referer", "https://auth.example.com"}}}) {
    EXPECT_EQ(Take(headers), 0) << (headers.empty() ? "no header" : headers[0].second);
    EXPECT_EQ(bearer_, "Bearer s3cret");
  }
}

TEST_F(CompatCookieTest, OtherPagesAreRefused) {
  for (const HeaderPairs& headers : std::vector<HeaderPairs>{
           {{"origin", "https://evil.example.com"}},
           {{"origin", "null"}},
           {{"origin", "http://auth.example.com"}},
           {{"origin", "https://evil.example.com"}, {"sec-fetch-site", "none"}},
           {{"sec-fetch-site", "cross-site"}},
           {{"sec-fetch-site", "same-site"}},
           {{"referer", "https://evil.example.com/https://app.example.com"}},
           {{"referer", "https://app.example.com.evil.example.com/"}}}) {
    EXPECT_EQ(Take(headers), 403) << headers[0].second;
    EXPECT_EQ(bearer_, "");
  }
}

TEST_F(CompatCookieTest, TheTokenStandsInOnePlace) {
  EXPECT_EQ(Take({{"cookie", "__Host-otpgate-token=other"}}), 400);
  EXPECT_EQ(Take({{"authorization", "Bearer app"}}), 0);
  EXPECT_EQ(bearer_, "Bearer app");
}

TEST_F(CompatCookieTest, OtherMethodsDoNotTakeIt) {
  EXPECT_EQ(Take({}, "/v1/sessions"), 0);
  EXPECT_EQ(bearer_, "");
}

}  // namespace
}  // namespace otpgate::gateway
