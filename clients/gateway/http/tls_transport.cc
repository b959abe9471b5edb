#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "clients/gateway/http/transport.h"

namespace otpgate::gateway {
namespace {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

int IntSize(size_t size) {
  return static_cast<int>(std::min<size_t>(size, std::numeric_limits<int>::max()));
}

class TlsTransport final : public Transport {
 public:
  TlsTransport(int socket, SslPtr ssl) : socket_(socket), ssl_(std::move(ssl)) {}

  Io Handshake() override { return Call(SSL_accept).io; }
  IoResult Read(char* buffer, size_t size) override {
    return Call([&](SSL* ssl) { return SSL_read(ssl, buffer, IntSize(size)); });
  }
  IoResult Write(absl::string_view bytes) override {
    return Call([&](SSL* ssl) { return SSL_write(ssl, bytes.data(), IntSize(bytes.size())); });
  }
  void ShutDown() override {
    if (!broken_) Call(SSL_shutdown);
    shutdown(socket_, SHUT_WR);
  }

 private:
  // Calls a function of OpenSSL that returns what is above 0 for success.
  template <class Function>
  IoResult Call(Function function) {
    ERR_clear_error();  // SSL_get_error looks at the queue of the thread
    const int result = function(ssl_.get());
    if (result > 0) return {Io::kDone, static_cast<size_t>(result)};
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {Io::kWantRead};
      case SSL_ERROR_WANT_WRITE:
        return {Io::kWantWrite};
      case SSL_ERROR_SSL:
      case SSL_ERROR_SYSCALL:
        broken_ = true;  // SSL_shutdown must not be called then
    }
    ERR_clear_error();
    return {Io::kClosed};
  }

  const int socket_;
  const SslPtr ssl_;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Transport> NewTlsTransport(int socket, const SslContext& context) {
  SslPtr ssl(SSL_new(context.get()));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), socket) != 1) return nullptr;
  return std::make_unique<TlsTransport>(socket, std::move(ssl));
}

}  // namespace otpgate::gateway
