#include <sys/socket.h>

#include <cerrno>

#include "clients/gateway/http/transport.h"

namespace otpgate::gateway {
namespace {

// What recv and send returned.
IoResult FromCall(ssize_t bytes, Io want) {
  if (bytes > 0) return {Io::kDone, static_cast<size_t>(bytes)};
  const bool again = bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return {again ? want : Io::kClosed};
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(int socket) : socket_(socket) {}

  Io Handshake() override { return Io::kDone; }
  IoResult Read(char* buffer, size_t size) override {
    return FromCall(recv(socket_, buffer, size, MSG_DONTWAIT), Io::kWantRead);
  }
  IoResult Write(absl::string_view bytes) override {
    return FromCall(send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
                    Io::kWantWrite);
  }
  void ShutDown() override { shutdown(socket_, SHUT_WR); }

 private:
  const int socket_;
};

}  // namespace

std::unique_ptr<Transport> NewPlainTransport(int socket) {
  return std::make_unique<PlainTransport>(socket);
}

}  // namespace otpgate::gateway
