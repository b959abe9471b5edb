// How connections end: by timeouts and with the server.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <thread>

#include "clients/gateway/http/fake_handler.h"
#include "clients/gateway/http/server.h"
#include "clients/gateway/http/test_client.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

constexpr absl::Duration kSoon = absl::Milliseconds(40);
constexpr absl::Duration kLong = absl::Seconds(20);

// No timeout ends a test, unless the test sets it.
HttpServerOptions Patient() {
  return {.address = "127.0.0.1:0",
          .threads = 1,
          .handshake_timeout = kLong,
          .header_timeout = kLong,
          .body_timeout = kLong,
          .idle_timeout = kLong,
          .write_timeout = kLong,
          .linger_timeout = kLong};
}

std::unique_ptr<HttpServer> Serve(HttpHandler* handler, const HttpServerOptions& options) {
  auto server = HttpServer::Start(options, handler);
  EXPECT_OK(server);
  return *std::move(server);
}

TEST(TimeoutsTest, SlowHeadersGet408) {
  FakeHandler handler;
  HttpServerOptions options = Patient();
  options.header_timeout = kSoon;
  const auto server = Serve(&handler, options);
  TestClient client(server->port());
  const ReceivedResponse response = client.Ask("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(response.status, 408);
  EXPECT_TRUE(response.Has("Connection: close"));
  EXPECT_TRUE(client.SeesEnd());
}

TEST(TimeoutsTest, BytesDoNotBuyMoreTime) {
  FakeHandler handler;
  HttpServerOptions options = Patient();
  options.header_timeout = kSoon;
  options.max_header_bytes = 60'000;
  const auto server = Serve(&handler, options);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send("GET / HTTP/1.1\r\nX:"));
  for (int i = 0; i < 50'000 && RejectedWith(server->stats(), 408) == 0; ++i) {
    ASSERT_TRUE(client.Send("x"));
  }
  EXPECT_EQ(client.Receive().status, 408);
  EXPECT_TRUE(client.SeesEnd());
}

TEST(TimeoutsTest, SlowBodiesGet408) {
  FakeHandler handler;
  HttpServerOptions options = Patient();
  options.body_timeout = kSoon;
  const auto server = Serve(&handler, options);
  for (const char* begin :
       {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n"}) {
    TestClient client(server->port());
    EXPECT_EQ(client.Ask(begin).status, 408);
    EXPECT_TRUE(client.SeesEnd());
  }
}

TEST(TimeoutsTest, IdleConnectionsAreClosed) {
  FakeHandler handler;
  HttpServerOptions options = Patient();
  options.idle_timeout = kSoon;
  const auto server = Serve(&handler, options);
  TestClient silent(server->port());
  TestClient client(server->port());
  EXPECT_EQ(client.Ask(kGet).status, 200);
  EXPECT_TRUE(client.SeesEnd());
  EXPECT_TRUE(silent.SeesEnd());
  EXPECT_EQ(server->stats().idle_closed, 2u);
}

TEST(TimeoutsTest, AHandlerMayTakeItsTime) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  HttpServerOptions options = Patient();
  options.idle_timeout = options.header_timeout = options.body_timeout = options.write_timeout =
      kSoon;
  const auto server = Serve(&handler, options);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  const FakeHandler::Call call = handler.Take();
  // By the end of another connection that begins now, every timeout has passed.
  TestClient silent(server->port());
  EXPECT_TRUE(silent.SeesEnd());
  call.respond({200, {}, ""});
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(TimeoutsTest, ClientsMustReadTheirAnswer) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  HttpServerOptions options = Patient();
  options.write_timeout = kSoon;
  const auto server = Serve(&handler, options);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  handler.Take().respond({200, {}, std::string(64 << 20, 'x')});
  server->Drain(kLong);
  EXPECT_EQ(server->stats().write_timeouts, 1u);
  EXPECT_EQ(server->stats().open_connections, 0);
}

TEST(TimeoutsTest, ClientsThatDoNotCloseAreClosed) {
  FakeHandler handler;
  HttpServerOptions options = Patient();
  options.linger_timeout = kSoon;
  const auto server = Serve(&handler, options);
  TestClient client(server->port());
  EXPECT_EQ(client.Ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  server->Drain(kLong);
  EXPECT_EQ(server->stats().open_connections, 0);
}

TEST(DrainTest, WaitsForRequestsInProgress) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = Serve(&handler, Patient());
  TestClient idle(server->port());
  auto busy = std::make_unique<TestClient>(server->port());
  ASSERT_TRUE(busy->Send(kGet));
  const FakeHandler::Call call = handler.Take();
  std::thread drain([&] { server->Drain(kLong); });
  EXPECT_TRUE(idle.SeesEnd());
  EXPECT_FALSE(TestClient(server->port()).connected());
  call.respond({200, {}, "done"});
  const ReceivedResponse response = busy->Receive();
  EXPECT_EQ(response.body, "done");
  EXPECT_TRUE(response.Has("Connection: close"));
  EXPECT_TRUE(busy->SeesEnd());
  busy.reset();
  drain.join();
  EXPECT_EQ(server->stats().open_connections, 0);
}

TEST(DrainTest, RequestsThatHaveBegunAreServed) {
  FakeHandler handler;
  const auto server = Serve(&handler, Patient());
  auto client = std::make_unique<TestClient>(server->port());
  TestClient idle(server->port());
  EXPECT_EQ(client->Ask(kGet).status, 200);
  EXPECT_EQ(client
                ->Ask("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                      "Content-Length: 4\r\n\r\n")
                .status,
            100);
  std::thread drain([&] { server->Drain(kLong); });
  EXPECT_TRUE(idle.SeesEnd());
  const ReceivedResponse response = client->Ask("body");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.Has("Connection: close"));
  client.reset();
  drain.join();
}

TEST(DrainTest, EndsAfterTheGrace) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = Serve(&handler, Patient());
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  const FakeHandler::Call call = handler.Take();
  server->Drain(kSoon);
  EXPECT_EQ(server->stats().open_connections, 0);
  EXPECT_TRUE(client.SeesEnd());
  call.respond({200, {}, ""});
}

TEST(DrainTest, TwiceIsOnce) {
  FakeHandler handler;
  const auto server = Serve(&handler, Patient());
  server->Drain(kLong);
  server->Drain(kLong);
  EXPECT_FALSE(TestClient(server->port()).connected());
}

}  // namespace
}  // namespace otpgate::gateway
