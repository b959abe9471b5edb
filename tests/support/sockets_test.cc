#include "tests/support/sockets.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "absl/strings/str_cat.h"

namespace otpgate::support {
namespace {

// Listens on this port as a server does.
Socket Listen(int port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool listens =
      setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      listen(socket.fd(), 1) == 0;
  return listens ? std::move(socket) : Socket();
}

TEST(KeepPortTest, OneServerAfterTheOtherListensOnAKeptPort) {
  const Socket kept = KeepPort();
  const int port = PortOf(kept);
  for (int i = 0; i < 3; ++i) {
    const Socket server = Listen(port);
    ASSERT_TRUE(server.valid());
    EXPECT_TRUE(ConnectTo(absl::StrCat(port)).valid());
    EXPECT_FALSE(Listen(port).valid()) << "two at a time";
  }
  EXPECT_FALSE(ConnectTo(absl::StrCat(port)).valid()) << "the keeper does not listen";
}

}  // namespace
}  // namespace otpgate::support
