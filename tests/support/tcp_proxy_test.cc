#include "tests/support/tcp_proxy.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "absl/strings/str_cat.h"

namespace otpgate::support {
namespace {

// Reads `size` bytes, or to the end; a reset counts as the end.
std::string Read(const Socket& socket, size_t size) {
  std::string text;
  char buffer[4096];
  while (text.size() < size) {
    const ssize_t got = recv(socket.fd(), buffer, std::min(sizeof buffer, size - text.size()), 0);
    if (got <= 0) break;
    text.append(buffer, got);
  }
  return text;
}

bool AtEnd(const Socket& socket) { return Read(socket, 1).empty(); }

// The test plays client and server, with both ends of a connection through the proxy.
class TcpProxyTest : public ::testing::Test {
 protected:
  void Connect() {
    client_ = ConnectTo(absl::StrCat(proxy_.port()));
    ASSERT_TRUE(client_.valid());
    server_ = Socket(accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    ASSERT_TRUE(server_.valid());
  }
  // A message is what one read brings, so each must arrive before the next is sent.
  std::string ToServer(const std::string& text) {
    EXPECT_TRUE(WriteAll(client_, text));
    return Read(server_, text.size());
  }
  std::string ToClient(const std::string& text) {
    EXPECT_TRUE(WriteAll(server_, text));
    return Read(client_, text.size());
  }

  Socket listener_ = ListenOnLoopback();
  TcpProxy proxy_{absl::StrCat(PortOf(listener_)), Framing::kBytes};
  Socket client_;
  Socket server_;
};

TEST_F(TcpProxyTest, ForwardsAndCountsBothWays) {
  Connect();
  EXPECT_EQ(ToServer("one"), "one");
  EXPECT_EQ(ToServer("two"), "two");
  EXPECT_EQ(ToClient("three"), "three");
  EXPECT_EQ(proxy_.Messages(Direction::kToServer), 2);
  EXPECT_EQ(proxy_.Messages(Direction::kToClient), 1);
  EXPECT_EQ(proxy_.Connections(), 1);
}

TEST_F(TcpProxyTest, EitherSideSeesTheOtherGo) {
  Connect();
  client_ = Socket();
  EXPECT_TRUE(AtEnd(server_));
  Connect();
  server_ = Socket();
  EXPECT_TRUE(AtEnd(client_));
}

TEST_F(TcpProxyTest, CutsAtTheKthMessage) {
  Connect();
  const auto rule = proxy_.Add({.number = 2});
  EXPECT_EQ(ToServer("one"), "one");
  EXPECT_FALSE(rule->fired());
  ASSERT_TRUE(WriteAll(client_, "two"));
  EXPECT_TRUE(rule->WaitFired());
  EXPECT_TRUE(AtEnd(server_));
  EXPECT_TRUE(AtEnd(client_));
  Connect();  // the rule fires only once
  EXPECT_EQ(ToServer("three"), "three");
}

TEST_F(TcpProxyTest, WhatWasForwardedBeforeTheCutArrives) {
  Connect();
  const auto rule = proxy_.Add({.action = ProxyAction::kForwardThenCut});
  ASSERT_TRUE(WriteAll(client_, "last words"));
  ASSERT_TRUE(rule->WaitFired());
  EXPECT_EQ(Read(server_, 100), "last words");
  EXPECT_TRUE(WriteAll(server_, "answer"));  // the server can still answer
  EXPECT_TRUE(AtEnd(client_));
}

TEST_F(TcpProxyTest, CutsTheAnswer) {
  Connect();
  const auto rule = proxy_.Add({.direction = Direction::kToClient, .match = Holds("yes")});
  EXPECT_EQ(ToServer("question"), "question");
  EXPECT_EQ(ToClient("no"), "no");
  ASSERT_TRUE(WriteAll(server_, "yes"));
  EXPECT_TRUE(rule->WaitFired());
  EXPECT_TRUE(AtEnd(client_));
  EXPECT_TRUE(AtEnd(server_));
}

TEST_F(TcpProxyTest, SwallowsWithoutTellingAnybody) {
  Connect();
  const auto rule = proxy_.Add({.action = ProxyAction::kSwallow});
  ASSERT_TRUE(WriteAll(client_, "gone"));
  ASSERT_TRUE(rule->WaitFired());
  ASSERT_TRUE(WriteAll(client_, "gone too"));
  EXPECT_EQ(ToClient("the other way"), "the other way");
  proxy_.CutAll();
  EXPECT_TRUE(AtEnd(server_));
  EXPECT_TRUE(AtEnd(client_));
}

TEST_F(TcpProxyTest, HoldsUntilReleased) {
  Connect();
  const auto rule = proxy_.Add({.action = ProxyAction::kHold, .match = Holds("held")});
  ASSERT_TRUE(WriteAll(client_, "held"));
  ASSERT_TRUE(rule->WaitFired());
  EXPECT_EQ(ToClient("the other way"), "the other way");
  rule->Release();
  EXPECT_EQ(Read(server_, 4), "held");
  EXPECT_EQ(ToServer("next"), "next");
}

TEST_F(TcpProxyTest, WhatIsHeldArrivesAfterTheClientWent) {
  Connect();
  const auto rule = proxy_.Add({.action = ProxyAction::kHold});
  ASSERT_TRUE(WriteAll(client_, "held"));
  ASSERT_TRUE(rule->WaitFired());
  client_ = Socket();
  rule->Release();
  EXPECT_EQ(Read(server_, 100), "held");
}

TEST_F(TcpProxyTest, HoldsAndCutsTheClient) {
  Connect();
  const auto rule = proxy_.Add({.action = ProxyAction::kHoldAndCutClient});
  ASSERT_TRUE(WriteAll(client_, "held"));
  EXPECT_TRUE(AtEnd(client_));
  EXPECT_TRUE(rule->WaitFired());
  EXPECT_TRUE(WriteAll(server_, "nobody reads this"));
  rule->Release();
  EXPECT_EQ(Read(server_, 100), "held");
}

TEST_F(TcpProxyTest, PausesAndResumes) {
  Connect();
  proxy_.Pause();
  ASSERT_TRUE(WriteAll(client_, "one"));
  ASSERT_TRUE(WriteAll(server_, "two"));
  char c;
  EXPECT_LT(recv(server_.fd(), &c, 1, MSG_DONTWAIT), 0);
  EXPECT_EQ(proxy_.Messages(Direction::kToServer), 0);
  proxy_.Resume();
  EXPECT_EQ(Read(server_, 3), "one");
  EXPECT_EQ(Read(client_, 3), "two");
}

TEST_F(TcpProxyTest, RefusesNewConnections) {
  Connect();
  proxy_.Refuse(true);
  EXPECT_TRUE(AtEnd(ConnectTo(absl::StrCat(proxy_.port()))));
  EXPECT_EQ(ToServer("the old one stands"), "the old one stands");
  proxy_.Refuse(false);
  Connect();
  EXPECT_EQ(ToServer("x"), "x");
}

TEST_F(TcpProxyTest, AServerThatIsAwayClosesTheClient) {
  listener_ = Socket();
  TcpProxy proxy("/nonexistent/socket", Framing::kBytes);
  EXPECT_TRUE(AtEnd(ConnectTo(absl::StrCat(proxy.port()))));
}

TEST_F(TcpProxyTest, TheFirstRuleForAMessageHappens) {
  Connect();
  const auto first = proxy_.Add({.action = ProxyAction::kHold});
  const auto second = proxy_.Add({.action = ProxyAction::kCut});
  ASSERT_TRUE(WriteAll(client_, "one"));
  ASSERT_TRUE(first->WaitFired());
  EXPECT_FALSE(second->fired());
  first->Release();
  EXPECT_EQ(Read(server_, 3), "one");
  ASSERT_TRUE(WriteAll(client_, "two"));
  EXPECT_TRUE(second->WaitFired());
}

TEST_F(TcpProxyTest, EndsWhilePausedAndHolding) {
  auto proxy = std::make_unique<TcpProxy>(absl::StrCat(PortOf(listener_)), Framing::kBytes);
  client_ = ConnectTo(absl::StrCat(proxy->port()));
  server_ = Socket(accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  const auto rule = proxy->Add({.action = ProxyAction::kHold});
  ASSERT_TRUE(WriteAll(client_, "held"));
  ASSERT_TRUE(rule->WaitFired());
  proxy->Pause();
  ASSERT_TRUE(WriteAll(server_, "paused"));
  proxy.reset();
  EXPECT_TRUE(AtEnd(client_));
  EXPECT_TRUE(AtEnd(server_));  // the held message is lost
}

}  // namespace
}  // namespace otpgate::support
