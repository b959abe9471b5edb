#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "clients/gateway/http/format_response.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/http/parse_head.h"

namespace otpgate::gateway {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(784111777);

TEST(ParseHeadTest, TakesTheTargetApart) {
  const auto request = ParseHead("GET /a%2Fb?c=d?e HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->target, "/a%2Fb?c=d?e");
  EXPECT_EQ(request->path, "/a%2Fb");
  EXPECT_EQ(request->query, "c=d?e");
}

TEST(ParseHeadTest, KeepsUnknownMethodsAndTheAsterisk) {
  EXPECT_EQ(ParseHead("FROB / HTTP/1.1\r\nHost: h\r\n\r\n")->method, "FROB");
  EXPECT_EQ(ParseHead("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")->path, "*");
}

TEST(ParseHeadTest, HeadersAreInLowerCaseAndTrimmed) {
  const auto request =
      ParseHead("GET / HTTP/1.1\r\nHOST: h\r\nX-A: \t 1\t2 \r\nY:\r\nx-a:3\r\nZ: \xC3\xA9\r\n\r\n");
  ASSERT_TRUE(request.has_value());
  const std::vector<HttpHeader> expected = {
      {"host", "h"}, {"x-a", "1\t2"}, {"x-a", "3"}, {"y", ""}, {"z", "\xC3\xA9"}};
  EXPECT_EQ(request->headers, expected);
  ASSERT_NE(request->Find("x-a"), nullptr);
  EXPECT_EQ(*request->Find("x-a"), "1\t2");
  EXPECT_EQ(request->Count("x-a"), 2u);
  EXPECT_EQ(request->Find("x"), nullptr);
  EXPECT_EQ(request->Count("x"), 0u);
}

TEST(ParseHeadTest, BodiesOfAnyLengthAreLeftToOthers) {
  EXPECT_TRUE(ParseHead("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999\r\n\r\n"));
  EXPECT_TRUE(ParseHead("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
}

TEST(ParseHeadTest, MoreOrLessThanAHeadIsNone) {
  EXPECT_FALSE(ParseHead("GET / HTTP/1.1\r\nHost: h\r\n"));
  EXPECT_FALSE(ParseHead("GET / HTTP/1.1\r\nHost: h\r\n\r\nx"));
}

TEST(FormatResponseTest, HasDateLengthAndConnection) {
  EXPECT_EQ(FormatResponse({404, {{"X", "y"}}, "gone"}, {}, kNow),
            "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: y\r\n"
            "Content-Length: 4\r\n\r\ngone");
  EXPECT_TRUE(absl::StrContains(FormatResponse({}, {.keep_alive = false}, kNow),
                                "\r\nConnection: close\r\n"));
  EXPECT_TRUE(absl::StrContains(FormatResponse({}, {.http11 = false}, kNow),
                                "\r\nConnection: keep-alive\r\n"));
}

TEST(FormatResponseTest, HeadGetsTheLengthOnly) {
  const std::string text = FormatResponse({200, {}, "body"}, {.head_request = true}, kNow);
  EXPECT_TRUE(absl::EndsWith(text, "\r\nContent-Length: 4\r\n\r\n"));
}

TEST(FormatResponseTest, SomeStatusesHaveNoBody) {
  for (const int status : {204, 304}) {
    const std::string text = FormatResponse({status, {}, "body"}, {}, kNow);
    EXPECT_FALSE(absl::StrContains(text, "Content-Length")) << text;
    EXPECT_TRUE(absl::EndsWith(text, "GMT\r\n\r\n")) << text;
  }
}

TEST(FormatResponseTest, FramingOfTheHandlerIsDropped) {
  const HttpResponse response = {200,
                                 {{"content-length", "9"},
                                  {"Transfer-Encoding", "chunked"},
                                  {"CONNECTION", "upgrade"},
                                  {"date", "today"}},
                                 ""};
  EXPECT_EQ(FormatResponse(response, {}, kNow), FormatResponse({}, {}, kNow));
}

TEST(IsWellFormedTest, RefusesWhatWouldSplitAResponse) {
  EXPECT_TRUE(IsWellFormed({200, {{"X-a", "b\tc \xC3\xA9"}}, "\r\n"}));
  EXPECT_FALSE(IsWellFormed({200, {{"X", "a\r\nSet-Cookie: b"}}, ""}));
  EXPECT_FALSE(IsWellFormed({200, {{"X", "a\n"}}, ""}));
  EXPECT_FALSE(IsWellFormed({200, {{"X", std::string("\0", 1)}}, ""}));
  EXPECT_FALSE(IsWellFormed({200, {{"X: y\r\nZ", "a"}}, ""}));
  EXPECT_FALSE(IsWellFormed({200, {{"", "a"}}, ""}));
  EXPECT_FALSE(IsWellFormed({199, {}, ""}));
  EXPECT_FALSE(IsWellFormed({600, {}, ""}));
}

}  // namespace
}  // namespace otpgate::gateway
