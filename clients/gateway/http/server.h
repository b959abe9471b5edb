#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_SERVER_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_SERVER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/gateway/http/handler.h"
#include "clients/gateway/http/options.h"
#include "clients/gateway/http/stats.h"
#include "clients/gateway/http/tls_source.h"

namespace otpgate::gateway {

// An HTTP/1.1 server (RFC 9110, 9112). Each connection has one request at a time; what is pipelined
// behind it waits, so responses keep the order of requests.
//
// It is strict where leniency would let a proxy in front of it see other requests than it does:
// what does not have the exact form (see CheckHead, ChunkDecoder) gets HttpHandler::Reject and the
// connection is closed. No upgrades, no HTTP/2, no compression.
//
// An idle connection holds no buffers. Thread-safe.
class HttpServer {
 public:
  // Listens and begins to serve. `handler` and `tls` outlive the server; without `tls` it speaks
  // plaintext, on any address: who starts it decides whether that is safe.
  //   INVALID_ARGUMENT  an option is out of its bounds, the address is malformed, or the identity
  //                     cannot be used
  //   UNAVAILABLE       the address is in use or not of this machine
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                           HttpHandler* handler,
                                                           TlsSource* tls = nullptr);

  // Closes all connections and waits for the network threads. Afterwards nothing calls the handler;
  // a Respond may still be called.
  ~HttpServer();

  // The port that it listens on.
  int port() const;

  // Stops for good: listens no more, closes idle connections, and answers requests that have begun
  // with "Connection: close". Waits for that, `grace` at most; then closes the rest. Not on a
  // network thread.
  void Drain(absl::Duration grace);

  HttpStats stats() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_SERVER_H_
