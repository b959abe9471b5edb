#ifndef OTPGATE_TESTS_SUPPORT_SOCKETS_H_
#define OTPGATE_TESTS_SUPPORT_SOCKETS_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace otpgate::support {

// A socket that is closed with its object.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  int fd() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Listens on a free port of 127.0.0.1. Ends the program on failure.
Socket ListenOnLoopback();
// Reserves a free port of 127.0.0.1 for servers that set SO_REUSEADDR, as most do: they can listen
// on it, one after the other, and the kernel assigns it to no other socket. Ends the program on
// failure.
Socket KeepPort();
int PortOf(const Socket& socket);

// Connects to a unix socket if `target` begins with "/", else to a port of 127.0.0.1. The socket is
// not valid if that was refused.
Socket ConnectTo(const std::string& target);

// False: the peer has closed the connection. Never raises SIGPIPE.
bool WriteAll(const Socket& socket, absl::string_view bytes);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SOCKETS_H_
