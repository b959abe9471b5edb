#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_TRANSPORT_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_TRANSPORT_H_

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/tls_contexts.h"

namespace otpgate::gateway {

// How an attempt to use a connection ended.
enum class Io {
  kDone,
  kWantRead,   // try again when the socket can be read
  kWantWrite,  // try again when the socket can be written
  kClosed,     // by the peer, or broken: nothing more will come or go
};

struct IoResult {
  Io io = Io::kClosed;
  size_t bytes = 0;  // when done: how many, at least one
};

// The bytes of a connection, over a socket that does not block and outlives this. No buffers of its
// own while nothing is under way, which is why TLS is not asio::ssl::stream: that one keeps 34 KB
// for each connection. Not thread-safe; SIGPIPE is blocked on the threads that use it.
class Transport {
 public:
  virtual ~Transport() = default;

  // Before all else, until it is done.
  virtual Io Handshake() = 0;
  virtual IoResult Read(char* buffer, size_t size) = 0;
  // May take a part of `bytes`, which must not be empty. After a want, the same bytes come again.
  virtual IoResult Write(absl::string_view bytes) = 0;
  // Tells the peer that nothing more will come, as far as the socket takes it at once. Then only
  // the socket itself is read.
  virtual void ShutDown() = 0;
};

std::unique_ptr<Transport> NewPlainTransport(int socket);
// Null: out of memory.
std::unique_ptr<Transport> NewTlsTransport(int socket, const SslContext& context);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_TRANSPORT_H_
