#include "clients/gateway/http/head.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace otpgate::gateway {
namespace {

using namespace std::string_literals;

// In the tables, "|" stands for CRLF, and the empty line at the end is left out.
std::string Head(const std::string& text) {
  return absl::StrCat(absl::StrReplaceAll(text, {{"|", "\r\n"}}), "\r\n\r\n");
}

// 0: it is accepted.
int StatusOfHead(const std::string& head, const HeadLimits& limits = {}) {
  const CheckedHead checked = CheckHead(head, limits);
  const Refusal* refusal = std::get_if<Refusal>(&checked);
  if (refusal == nullptr) return 0;
  EXPECT_FALSE(refusal->detail.empty());
  return refusal->status;
}

HeadFacts FactsOf(const std::string& text) {
  const CheckedHead checked = CheckHead(Head(text), {});
  EXPECT_TRUE(std::holds_alternative<HeadFacts>(checked)) << text;
  return std::holds_alternative<HeadFacts>(checked) ? std::get<HeadFacts>(checked) : HeadFacts();
}

struct HeadRow {
  std::string text;
  int status;
};

class CheckHeadTable : public testing::TestWithParam<HeadRow> {};

TEST_P(CheckHeadTable, HasTheStatus) {
  EXPECT_EQ(StatusOfHead(Head(GetParam().text)), GetParam().status)
      << absl::CHexEscape(GetParam().text);
}

const std::vector<HeadRow> kRequestLines = {
    {"GET / HTTP/1.1|Host: a", 0},
    {"GET / HTTP/1.0", 0},
    {"M-SEARCH!#$%&'*+.^_`~ / HTTP/1.1|Host: a", 0},
    {"GET /a/b;c=1:@!$&'()*+,=-._~?q=/?%41 HTTP/1.1|Host: a", 0},
    {"GET //a HTTP/1.1|Host: a", 0},
    {"OPTIONS * HTTP/1.1|Host: a", 0},
    {"GET * HTTP/1.1|Host: a", 400},
    {"GET  / HTTP/1.1|Host: a", 400},
    {"GET /  HTTP/1.1|Host: a", 400},
    {" GET / HTTP/1.1|Host: a", 400},
    {"GET / HTTP/1.1 |Host: a", 400},
    {"GET\t/ HTTP/1.1|Host: a", 400},
    {"GET /\tHTTP/1.1|Host: a", 400},
    {"GET /a b HTTP/1.1|Host: a", 400},
    {"GET / |Host: a", 400},
    {"GET /|Host: a", 400},
    {"GET|Host: a", 400},
    {"/ HTTP/1.1|Host: a", 400},
    {"G(T / HTTP/1.1|Host: a", 400},
    {"G\xC3\xA9T / HTTP/1.1|Host: a", 400},
    {"GET http://a/ HTTP/1.1|Host: a", 400},
    {"CONNECT a:443 HTTP/1.1|Host: a", 400},
    {"GET a HTTP/1.1|Host: a", 400},
    {"GET ?q HTTP/1.1|Host: a", 400},
    {"GET /#f HTTP/1.1|Host: a", 400},
    {"GET /\xC3\xA9 HTTP/1.1|Host: a", 400},
    {"GET /% HTTP/1.1|Host: a", 400},
    {"GET /%4 HTTP/1.1|Host: a", 400},
    {"GET /%4g HTTP/1.1|Host: a", 400},
    {"GET /%%41 HTTP/1.1|Host: a", 400},
    {"GET /a\\b HTTP/1.1|Host: a", 400},
    {"GET /a\"b HTTP/1.1|Host: a", 400},
    {"GET /{a} HTTP/1.1|Host: a", 400},
    {"GET /a[] HTTP/1.1|Host: a", 400},
    {"GET / http/1.1|Host: a", 400},
    {"GET / HTTP/1.1.1|Host: a", 400},
    {"GET / HTTP/11|Host: a", 400},
    {"GET / HTTP/1.x|Host: a", 400},
    {"GET / HTTP /1.1|Host: a", 400},
    {"GET / HTTPS/1.1|Host: a", 400},
    {"GET / HTTP/1.2|Host: a", 505},
    {"GET / HTTP/2.0|Host: a", 505},
    {"GET / HTTP/0.9|Host: a", 505},
    {"PRI * HTTP/2.0", 505},
};

const std::vector<HeadRow> kHeaders = {
    {"GET / HTTP/1.1|Host: a|X:|Y: \t b\tc \t|Z:\xC3\xA9", 0},
    {"GET / HTTP/1.1|hOsT:a|X-A_b.c!#$%&'*+^`~1: d", 0},
    {"GET / HTTP/1.1|Host: a|X : b", 400},
    {"GET / HTTP/1.1|Host: a|X\t: b", 400},
    {"GET / HTTP/1.1|Host: a| X: b", 400},
    {"GET / HTTP/1.1|Host: a|X: b| c", 400},
    {"GET / HTTP/1.1|Host: a|X: b|\tc", 400},
    {"GET / HTTP/1.1| Host: a", 400},
    {"GET / HTTP/1.1|Host: a|X", 400},
    {"GET / HTTP/1.1|Host: a|: b", 400},
    {"GET / HTTP/1.1|Host: a|X(Y: b", 400},
    {"GET / HTTP/1.1|Host: a|X Y: b", 400},
    {"GET / HTTP/1.1|Host: a|\"X\": b", 400},
    {"GET / HTTP/1.1|Host: a|X\xC3\xA9: b", 400},
    {"GET / HTTP/1.1|Host: a|X: b\0c"s, 400},
    {"GET / HTTP/1.1|Host: a|X\0: b"s, 400},
    {"GET / HTTP/1.1|Host: a|X: b\x01", 400},
    {"GET / HTTP/1.1|Host: a|X: b\x1B[0m", 400},
    {"GET / HTTP/1.1|Host: a|X: b\x7F", 400},
    {"GET / HTTP/1.1|Host: a|X: b\x0B", 400},
    {"GET / HTTP/1.1|Host: a\nX: b", 400},
    {"GET / HTTP/1.1|Host: a\rX: b", 400},
    {"GET / HTTP/1.1|Host: a|X: b\r\r\nY: c", 400},
    {"GET / HTTP/1.1\nHost: a", 400},
    {"|GET / HTTP/1.1|Host: a", 400},
    {"GET / HTTP/1.1|Host: a||X: b", 400},
    {"GET / HTTP/1.1|Host: a|Connection: ,, close ,", 0},
    {"GET / HTTP/1.1|Host: a|Connection: close x", 400},
    {"GET / HTTP/1.1|Host: a|Connection: \"close\"", 400},
};

const std::vector<HeadRow> kHosts = {
    {"GET / HTTP/1.1|Host:", 0},
    {"GET / HTTP/1.1|Host: example.com:8080", 0},
    {"GET / HTTP/1.1|Host: [2001:db8::1]:80", 0},
    {"GET / HTTP/1.1|Host: [::ffff:192.0.2.1]", 0},
    {"GET / HTTP/1.0|Host: a", 0},
    {"GET / HTTP/1.1", 400},
    {"GET / HTTP/1.1|Host: a|Host: a", 400},
    {"GET / HTTP/1.1|Host: a|X: b|HOST: c", 400},
    {"GET / HTTP/1.0|Host: a|Host: b", 400},
    {"GET / HTTP/1.1|Host: a, b", 400},
    {"GET / HTTP/1.1|Host: a b", 400},
    {"GET / HTTP/1.1|Host: a/b", 400},
    {"GET / HTTP/1.1|Host: user@a", 400},
    {"GET / HTTP/1.1|Host: a:b", 400},
    {"GET / HTTP/1.1|Host: a:80:81", 400},
    {"GET / HTTP/1.1|Host: [::1", 400},
    {"GET / HTTP/1.1|Host: []", 400},
    {"GET / HTTP/1.1|Host: [::g]", 400},
    {"GET / HTTP/1.1|Host: [::1]x", 400},
};

const std::vector<HeadRow> kBodies = {
    {"POST / HTTP/1.1|Host: a|Content-Length: 0", 0},
    {"POST / HTTP/1.1|Host: a|Content-Length: 65536", 0},
    {"POST / HTTP/1.1|Host: a|Content-Length:0005 ", 0},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked", 0},
    {"POST / HTTP/1.1|Host: a|transfer-encoding: CHUNKED", 0},
    {"POST / HTTP/1.1|Host: a|Content-Length: 65537", 413},
    {"POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999999", 413},
    {"POST / HTTP/1.1|Host: a|Content-Length: 18446744073709551617", 413},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5|content-length: 6", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5, 5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: +5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: -5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 0x5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5 5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5.0", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: \"5\"", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length:", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length : 5", 400},
    {"POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: identity|Content-Length: 5", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: identity", 400},
    {"POST / HTTP/1.0|Transfer-Encoding: chunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding:\x0B"
     "chunked",
     400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked", 501},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, gzip", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked,", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, chunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked;q=1", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: \"chunked\"", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding:", 400},
    {"POST / HTTP/1.1|Host: a|Transfer-Encoding: identity", 400},
    {"POST / HTTP/1.1|Host: a|Expect: 100-Continue|Content-Length: 5", 0},
    {"POST / HTTP/1.0|Expect: 200-maybe", 0},
    {"POST / HTTP/1.1|Host: a|Expect: 200-maybe", 417},
    {"POST / HTTP/1.1|Host: a|Expect: 100-continue, x", 417},
    {"POST / HTTP/1.1|Host: a|Expect: 100-continue|Expect: 100-continue", 417},
};

INSTANTIATE_TEST_SUITE_P(RequestLine, CheckHeadTable, testing::ValuesIn(kRequestLines));
INSTANTIATE_TEST_SUITE_P(Headers, CheckHeadTable, testing::ValuesIn(kHeaders));
INSTANTIATE_TEST_SUITE_P(Host, CheckHeadTable, testing::ValuesIn(kHosts));
INSTANTIATE_TEST_SUITE_P(Body, CheckHeadTable, testing::ValuesIn(kBodies));

TEST(CheckHeadTest, NoPartOfAHeadIsAHead) {
  const std::string head = Head("POST /a?b HTTP/1.1|Host: a|Content-Length: 5");
  for (size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(StatusOfHead(head.substr(0, size)), 400) << size;
  }
  EXPECT_EQ(StatusOfHead(head), 0);
  EXPECT_EQ(StatusOfHead(head + "x"), 400);
}

TEST(CheckHeadTest, LimitsAreTheLastThatPass) {
  const std::string head = Head("GET /1234 HTTP/1.1|Host: a|X: b");
  EXPECT_EQ(StatusOfHead(head, {.max_target = 5, .max_headers = 2}), 0);
  EXPECT_EQ(StatusOfHead(head, {.max_target = 4, .max_headers = 2}), 414);
  EXPECT_EQ(StatusOfHead(head, {.max_target = 5, .max_headers = 1}), 431);
}

TEST(CheckHeadTest, ConnectionsArePersistentByVersionAndOption) {
  EXPECT_TRUE(FactsOf("GET / HTTP/1.1|Host: a").keep_alive);
  EXPECT_TRUE(FactsOf("GET / HTTP/1.1|Host: a|Connection: x, closed").keep_alive);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.1|Host: a|Connection: Close").keep_alive);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.1|Host: a|Connection: keep-alive,\tclose").keep_alive);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.1|Host: a|Connection: x|Connection: close").keep_alive);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.0").keep_alive);
  EXPECT_TRUE(FactsOf("GET / HTTP/1.0|Connection: Keep-Alive").keep_alive);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.0|Connection: keep-alive, close").keep_alive);
}

TEST(CheckHeadTest, TellsAboutTheBody) {
  EXPECT_EQ(FactsOf("GET / HTTP/1.1|Host: a"), HeadFacts());
  EXPECT_EQ(FactsOf("POST / HTTP/1.1|Host: a|Content-Length: 17").content_length, 17u);
  EXPECT_TRUE(FactsOf("POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked").chunked);
  EXPECT_TRUE(FactsOf("POST / HTTP/1.1|Host: a|Expect: 100-continue").expect_continue);
  EXPECT_FALSE(FactsOf("POST / HTTP/1.0|Expect: 100-continue").expect_continue);
  EXPECT_FALSE(FactsOf("GET / HTTP/1.0").http11);
}

TEST(FindHeadEndTest, LooksAtEachByteOnce) {
  const std::string head = Head("GET / HTTP/1.1|Host: a");
  size_t scanned = 0;
  for (size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(FindHeadEnd(head.substr(0, size), scanned).state, HeadEnd::State::kMore);
    EXPECT_EQ(scanned, size);
  }
  const HeadEnd end = FindHeadEnd(head + "more", scanned);
  EXPECT_EQ(end.state, HeadEnd::State::kFound);
  EXPECT_EQ(end.size, head.size());
}

TEST(FindHeadEndTest, DoesNotWaitForTheEndOfWhatIsMalformed) {
  for (const std::string& begin : {"\n"s, "\r\n"s, "GET / HTTP/1.1\n"s, "GET /\rx"s, "\0"s,
                                   "\x16\x03\x01\x02"s, "GET / HTTP/1.1\r\nX: \x08"s}) {
    size_t scanned = 0;
    EXPECT_EQ(FindHeadEnd(begin, scanned).state, HeadEnd::State::kMalformed)
        << absl::CHexEscape(begin);
  }
}

}  // namespace
}  // namespace otpgate::gateway
