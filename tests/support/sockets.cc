#include "tests/support/sockets.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "base/check.h"

namespace otpgate::support {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// Turns Nagle's algorithm off: no message waits for the acknowledgement of the one before.
void SendAtOnce(const Socket& socket) {
  const int on = 1;
  OTPGATE_CHECK(setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
}

void BindToFreePort(const Socket& socket) {
  const sockaddr_in address = Loopback(0);
  OTPGATE_CHECK(bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
}

Socket Connect(int family, const sockaddr* address, socklen_t size) {
  Socket socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  OTPGATE_CHECK(socket.valid());
  if (connect(socket.fd(), address, size) != 0) return Socket();
  return socket;
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

Socket KeepPort() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  OTPGATE_CHECK(socket.valid());
  const int on = 1;
  OTPGATE_CHECK(setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
  BindToFreePort(socket);
  return socket;
}

Socket ListenOnLoopback() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  OTPGATE_CHECK(socket.valid());
  SendAtOnce(socket);  // accepted sockets inherit it
  BindToFreePort(socket);
  OTPGATE_CHECK(listen(socket.fd(), SOMAXCONN) == 0);
  return socket;
}

int PortOf(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  OTPGATE_CHECK(getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ntohs(address.sin_port);
}

Socket ConnectTo(const std::string& target) {
  if (absl::StartsWith(target, "/")) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    OTPGATE_CHECK(target.size() < sizeof address.sun_path);
    target.copy(address.sun_path, target.size());
    return Connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  int port = 0;
  OTPGATE_CHECK(absl::SimpleAtoi(target, &port));
  const sockaddr_in address = Loopback(port);
  Socket socket = Connect(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (socket.valid()) SendAtOnce(socket);
  return socket;
}

bool WriteAll(const Socket& socket, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

}  // namespace otpgate::support
