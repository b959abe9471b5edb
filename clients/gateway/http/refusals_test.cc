// What a client sees of requests that the server itself refuses.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/gateway/http/fake_handler.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/http/test_client.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using namespace std::string_literals;

constexpr char kSmuggled[] = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

struct RefusedRow {
  int status;
  std::string bytes;  // "|" stands for CRLF
};

std::string Bytes(const RefusedRow& row) { return absl::StrReplaceAll(row.bytes, {{"|", "\r\n"}}); }

const std::vector<RefusedRow> kRefusedRows = {
    {400, "GET / HTTP/1.1|Host: a\n\n"},
    {400, "GET / HTTP/1.1\nHost: a\n\n"},
    {400, "GET / HTTP/1.1|Host: a\r\r"},
    {400, "||GET / HTTP/1.1|Host: a||"},
    {400, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s},
    {400, "GET / HTTP/1.1||"},
    {400, "GET / HTTP/1.1|Host: a|Host: b||"},
    {400, "GET http://a/ HTTP/1.1|Host: a||"},
    {400, "CONNECT a:80 HTTP/1.1|Host: a||"},
    {400, "GET /#a HTTP/1.1|Host: a||"},
    {400, "GET /\xFF HTTP/1.1|Host: a||"},
    {400, "GET  / HTTP/1.1|Host: a||"},
    {400, "GET /||"},
    {400, "GET / HTTP/1.1|Host: a|X: b| c||"},
    {400, "GET / HTTP/1.1|Host: a|X : b||"},
    {400, "GET / HTTP/1.1|Host: a|X: b\0||"s},
    {400, "GET / HTTP/1.1|Host: a|Bad(Name: b||"},
    {400, "POST / HTTP/1.1|Host: a|Content-Length: 4|Content-Length: 5||body"},
    {400, "POST / HTTP/1.1|Host: a|Content-Length: 4, 4||body"},
    {400, "POST / HTTP/1.1|Host: a|Content-Length: +4||body"},
    {400, "POST / HTTP/1.1|Host: a|Content-Length: 4|Transfer-Encoding: chunked||0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 4||0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: x|Transfer-Encoding: chunked||0||"},
    {400, "POST / HTTP/1.0|Transfer-Encoding: chunked||0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||x|"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||4;x=y|body|0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||4\nbody|0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||4|bodyy|0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||0|Content-Length: 4||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||fffffffffffffffff|"},
    {413, "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||10001|"},
    {413, "POST / HTTP/1.1|Host: a|Content-Length: 65537||"},
    {417, "POST / HTTP/1.1|Host: a|Expect: x|Content-Length: 4||body"},
    {501, "POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||"},
    {400, "POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||"},
    {505, "GET / HTTP/1.2|Host: a||"},
    {505, "PRI * HTTP/2.0||SM||"},
};

class RefusalsTest : public testing::Test {
 protected:
  RefusalsTest() {
    auto server = HttpServer::Start({.address = "127.0.0.1:0"}, &handler_);
    EXPECT_OK(server);
    server_ = *std::move(server);
  }

  // Sends `bytes` behind a good request and expects that they are refused.
  void ExpectRefused(int status, const std::string& bytes) {
    TestClient client(server_->port());
    ASSERT_EQ(client.Ask("GET /good HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
    const ReceivedResponse response = client.Ask(bytes);
    EXPECT_EQ(response.status, status);
    EXPECT_TRUE(response.Has("Connection: close"));
    EXPECT_TRUE(response.Has("X-Rejected: yes"));
    EXPECT_TRUE(client.SeesEnd());
  }

  FakeHandler handler_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(RefusalsTest, NothingBehindARefusedRequestIsServed) {
  uint64_t refused = 0;
  for (const RefusedRow& row : kRefusedRows) {
    SCOPED_TRACE(absl::CHexEscape(row.bytes));
    ExpectRefused(row.status, absl::StrCat(Bytes(row), kSmuggled));
    refused += row.status == 400;
  }
  EXPECT_EQ(RejectedWith(server_->stats(), 400), refused);
  EXPECT_EQ(handler_.targets(), std::vector<std::string>(kRefusedRows.size(), "/good"));
}

TEST_F(RefusalsTest, LongTargetsGet414) {
  const std::string longest(4095, 'x');
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask(absl::StrCat("GET /", longest, " HTTP/1.1\r\nHost: a\r\n\r\n")).status, 200);
  ExpectRefused(414, absl::StrCat("GET /", longest, "x HTTP/1.1\r\nHost: a\r\n\r\n"));
  ExpectRefused(414, absl::StrCat("GET /", std::string(16 << 10, 'x')));
}

TEST_F(RefusalsTest, ManyOrLongHeadersGet431) {
  std::string headers = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 1; i < 64; ++i) absl::StrAppend(&headers, "X: y\r\n");
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask(headers + "\r\n").status, 200);
  ExpectRefused(431, headers + "X: y\r\n\r\n");

  // The longest head that is allowed, and one byte more, with its end or still without.
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::string value((16 << 10) - begin.size() - 4, 'x');
  EXPECT_EQ(client.Ask(absl::StrCat(begin, value, "\r\n\r\n")).status, 200);
  ExpectRefused(431, absl::StrCat(begin, value, "x\r\n\r\n"));
  ExpectRefused(431, absl::StrCat(begin, value, "xxxxx"));
}

TEST_F(RefusalsTest, TheAnswerArrivesAlthoughTheClientSendsOn) {
  TestClient client(server_->port());
  const std::string body(200 << 10, 'x');
  EXPECT_EQ(
      client.Ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 204800\r\n\r\n" + body).status,
      413);
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(RefusalsTest, HeadGetsNoBodyOfARefusal) {
  TestClient client(server_->port());
  ASSERT_TRUE(client.Send("HEAD /a[] HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.Receive(true).status, 400);
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(RefusalsTest, HalfARequestIsNone) {
  for (const char* half :
       {"GET / HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"}) {
    TestClient client(server_->port());
    ASSERT_TRUE(client.Send(half));
    client.FinishSending();
    EXPECT_TRUE(client.SeesEnd());
  }
  EXPECT_TRUE(handler_.targets().empty());
}

}  // namespace
}  // namespace otpgate::gateway
