#include "clients/gateway/http/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/gateway/http/fake_handler.h"
#include "clients/gateway/http/test_client.h"
#include "tests/support/status_matchers.h"

namespace otpgate::gateway {
namespace {

using support::StatusIs;

HttpServerOptions OnFreePort() { return {.address = "127.0.0.1:0"}; }

std::unique_ptr<HttpServer> StartServer(HttpHandler* handler,
                                        const HttpServerOptions& options = OnFreePort()) {
  auto server = HttpServer::Start(options, handler);
  EXPECT_OK(server);
  return *std::move(server);
}

std::string Post(const std::string& headers, const std::string& body) {
  return absl::StrCat("POST /p HTTP/1.1\r\nHost: a\r\n", headers, "\r\n\r\n", body);
}

TEST(HttpServerTest, ConnectionsArePersistent) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    const ReceivedResponse response = client.Ask(kGet);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a ");
    EXPECT_FALSE(absl::StrContains(response.head, "Connection:"));
    EXPECT_FALSE(absl::StrContains(response.head, "Server:"));
  }
  EXPECT_EQ(server->stats().connections, 1u);
  EXPECT_EQ(server->stats().requests, 3u);
}

TEST(HttpServerTest, ClosesWhenTheClientWantsIt) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  for (const char* request :
       {"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n"}) {
    TestClient client(server->port());
    const ReceivedResponse response = client.Ask(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.Has("Connection: close"));
    EXPECT_TRUE(client.SeesEnd());
  }
}

TEST(HttpServerTest, OldClientsMayKeepTheConnection) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    const auto response = client.Ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.Has("Connection: keep-alive"));
  }
}

TEST(HttpServerTest, PipelinedRequestsWaitForTheirTurn) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(
      client.Send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                  "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo"
                  "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"));
  for (const std::string target : {"/1", "/2", "/3"}) {
    FakeHandler::Call call = handler.Take();
    EXPECT_EQ(call.request.target, target);
    EXPECT_EQ(handler.kept(), 0u);
    call.respond({200, {}, target});
    EXPECT_EQ(client.Receive().body, target);
  }
}

TEST(HttpServerTest, RequestsMayComeByteByByte) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  const std::string chunks = "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n";
  // One empty line before a request is skipped.
  for (const std::string& request :
       {Post("Content-Length: 4", "body"), "\r\n" + Post("Transfer-Encoding: chunked", chunks)}) {
    for (const char byte : request) ASSERT_TRUE(client.Send({&byte, 1}));
    EXPECT_EQ(client.Receive().body, "POST /p body");
  }
}

TEST(HttpServerTest, TellsWhatArrived) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(
      client.Send("POST /p%20q?x=1 HTTP/1.1\r\nHost: h\r\nX-Y: z\r\nContent-Length: 1"
                  "\r\n\r\n!"));
  const HttpRequest request = handler.Take().request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/p%20q");
  EXPECT_EQ(request.query, "x=1");
  EXPECT_EQ(*request.Find("x-y"), "z");
  EXPECT_EQ(request.body, "!");
  EXPECT_EQ(request.peer_ip, "127.0.0.1");
  EXPECT_FALSE(request.secure);
}

TEST(HttpServerTest, ListensOnIpv6) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = HttpServer::Start({.address = "[::]:0"}, &handler);
  if (!server.ok()) GTEST_SKIP() << server.status();
  TestClient v6((*server)->port(), true);
  ASSERT_TRUE(v6.Send(kGet));
  EXPECT_EQ(handler.Take().request.peer_ip, "::1");
  TestClient v4((*server)->port());
  ASSERT_TRUE(v4.Send(kGet));
  EXPECT_EQ(handler.Take().request.peer_ip, "127.0.0.1");
}

TEST(HttpServerTest, HeadGetsNoBody) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(client.Receive(true).Has("Content-Length: 8"));
  EXPECT_EQ(client.Ask(kGet).body, "GET /a ");
}

TEST(HttpServerTest, ClientsThatAskAreToldToContinue) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  const std::string head = Post("Expect: 100-continue\r\nContent-Length: 4", "");
  EXPECT_EQ(client.Ask(head).head, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.Ask("body").body, "POST /p body");
  // Whoever did not wait, or has nothing to send, needs no word.
  EXPECT_EQ(client.Ask(head + "body").status, 200);
  EXPECT_EQ(client.Ask(Post("Expect: 100-continue", "")).status, 200);
  const auto refused = client.Ask(Post("Expect: 100-continue\r\nContent-Length: 99999", ""));
  EXPECT_EQ(refused.status, 413);
  EXPECT_TRUE(client.SeesEnd());
}

TEST(HttpServerTest, AnswersFromOtherThreads) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.Send(kGet));
    std::thread other([call = handler.Take(), i] { call.respond({200, {}, absl::StrCat(i)}); });
    EXPECT_EQ(client.Receive().body, absl::StrCat(i));
    other.join();
  }
}

TEST(HttpServerTest, OnlyTheFirstAnswerCounts) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  const FakeHandler::Call first = handler.Take();
  first.respond({200, {}, "first"});
  EXPECT_EQ(client.Receive().body, "first");
  ASSERT_TRUE(client.Send(kGet));
  const FakeHandler::Call second = handler.Take();
  first.respond({200, {}, "again"});
  second.respond({200, {}, "second"});
  EXPECT_EQ(client.Receive().body, "second");
}

TEST(HttpServerTest, ADroppedRequestGets500) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.Send(kGet));
    handler.Take();
    EXPECT_EQ(client.Receive().status, 500);
  }
  EXPECT_EQ(RejectedWith(server->stats(), 500), 2u);
}

TEST(HttpServerTest, AMalformedAnswerIsNotSent) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  handler.Take().respond({200, {{"X", "a\r\nSet-Cookie: b"}}, ""});
  const ReceivedResponse response = client.Receive();
  EXPECT_EQ(response.status, 500);
  EXPECT_FALSE(absl::StrContains(response.head, "Set-Cookie"));
}

TEST(HttpServerTest, AnswersMayComeAfterTheClientHasLeft) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  const auto server = StartServer(&handler);
  FakeHandler::Call call;
  {
    TestClient client(server->port());
    ASSERT_TRUE(client.Send(kGet));
    call = handler.Take();
  }
  call.respond({200, {}, std::string(1 << 20, 'x')});
  server->Drain(absl::Seconds(20));
  EXPECT_EQ(server->stats().open_connections, 0);
}

TEST(HttpServerTest, AnswersMayComeAfterTheServerHasGone) {
  FakeHandler handler(FakeHandler::Mode::kKeep);
  auto server = StartServer(&handler);
  TestClient client(server->port());
  ASSERT_TRUE(client.Send(kGet));
  const FakeHandler::Call call = handler.Take();
  server.reset();
  EXPECT_TRUE(client.SeesEnd());
  call.respond({});
}

TEST(HttpServerTest, EndsWhileClientsSend) {
  FakeHandler handler;
  auto server = StartServer(&handler);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([client = std::make_shared<TestClient>(server->port())] {
      for (int n = 0; n < 1'000'000 && client->Ask(kGet).status == 200; ++n) {
      }
    });
  }
  while (server->stats().requests < 100) std::this_thread::yield();
  server.reset();
  for (std::thread& thread : threads) thread.join();
}

TEST(HttpServerTest, LongBodiesAndAnswersArriveWhole) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  const std::string body(64 << 10, 'x');
  EXPECT_EQ(client.Ask(Post("Content-Length: 65536", body)).body, "POST /p " + body);
  EXPECT_EQ(
      client
          .Ask(Post("Transfer-Encoding: chunked", absl::StrCat("10000\r\n", body, "\r\n0\r\n\r\n")))
          .body,
      "POST /p " + body);
}

TEST(HttpServerTest, OptionsAreChecked) {
  FakeHandler handler;
  EXPECT_THAT(HttpServer::Start({.address = "127.0.0.1:0", .threads = 0}, &handler),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(HttpServer::Start({.address = "127.0.0.1:0", .max_header_bytes = 1 << 20}, &handler),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      HttpServer::Start({.address = "127.0.0.1:0", .idle_timeout = absl::ZeroDuration()}, &handler),
      StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* address : {"", "localhost:0", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                              "::1:80", "[127.0.0.1]:80", "[::1]", "unix:/a", ":80"}) {
    EXPECT_THAT(HttpServer::Start({.address = address}, &handler),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << address;
  }
}

TEST(HttpServerTest, APortIsListenedOnOnce) {
  FakeHandler handler;
  auto server = StartServer(&handler);
  const std::string address = absl::StrCat("127.0.0.1:", server->port());
  EXPECT_THAT(HttpServer::Start({.address = address}, &handler),
              StatusIs(absl::StatusCode::kUnavailable));
  {
    TestClient client(server->port());
    EXPECT_EQ(client.Ask(kGet).status, 200);
    server.reset();  // closes first, so the address stays in TIME_WAIT
  }
  EXPECT_OK(HttpServer::Start({.address = address}, &handler));
}

TEST(HttpServerTest, ConnectionsAboveTheLimitAreClosed) {
  FakeHandler handler;
  HttpServerOptions options = OnFreePort();
  options.max_connections = 2;
  const auto server = StartServer(&handler, options);
  TestClient first(server->port());
  EXPECT_EQ(first.Ask(kGet).status, 200);
  {
    TestClient second(server->port());
    EXPECT_EQ(second.Ask(kGet).status, 200);
    TestClient third(server->port());
    EXPECT_TRUE(third.SeesEnd());
    EXPECT_EQ(server->stats().over_limit, 1u);
    EXPECT_EQ(server->stats().open_connections, 2);
  }
  // The place of the second is free as soon as the server has noticed.
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (TestClient(server->port()).Ask(kGet).status != 200) ASSERT_LT(absl::Now(), deadline);
  EXPECT_EQ(first.Ask(kGet).status, 200);
}

TEST(HttpServerTest, RequestsOfAConnectionAreLimited) {
  FakeHandler handler;
  HttpServerOptions options = OnFreePort();
  options.max_requests_per_connection = 2;
  const auto server = StartServer(&handler, options);
  TestClient client(server->port());
  EXPECT_FALSE(client.Ask(kGet).Has("Connection: close"));
  EXPECT_TRUE(client.Ask(kGet).Has("Connection: close"));
  EXPECT_TRUE(client.SeesEnd());
}

// Sets how many descriptors this process may have, while it lives.
class DescriptorLimit {
 public:
  DescriptorLimit() { getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }

  // Allows no more than there are.
  void Exhaust() {
    const int lowest_free = dup(0);
    close(lowest_free);
    rlimit none = before_;
    none.rlim_cur = lowest_free;
    setrlimit(RLIMIT_NOFILE, &none);
  }

 private:
  rlimit before_;
};

TEST(HttpServerTest, WaitsForFreeDescriptors) {
  FakeHandler handler;
  const auto server = StartServer(&handler);
  TestClient client(server->port());
  EXPECT_EQ(client.Ask(kGet).status, 200);
  std::unique_ptr<TestClient> waiting;
  {
    DescriptorLimit limit;
    const int place = dup(0);
    limit.Exhaust();
    close(place);  // the only one; the client takes it
    waiting = std::make_unique<TestClient>(server->port());
    ASSERT_TRUE(waiting->connected());
    ASSERT_TRUE(waiting->Send(kGet));
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (server->stats().accept_failures == 0) {
      ASSERT_LT(absl::Now(), deadline);
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(waiting->Receive().status, 200);
  EXPECT_LT(server->stats().accept_failures, 100u);
}

}  // namespace
}  // namespace otpgate::gateway
