#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_OPTIONS_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace otpgate::gateway {

// How an HttpServer listens, and what it allows a client. Durations are measured with a steady
// clock and end up to an eighth of the shortest one late, 250 ms at most.
struct HttpServerOptions {
  // "127.0.0.1:8080", "[::1]:8080"; port 0 picks a free one. "[::]:8080" takes IPv4 too. Names are
  // refused: they may resolve to anything.
  std::string address = "127.0.0.1:8080";
  int threads = 2;  // that serve the network; 1 to 64

  // A connection above the limit is accepted and closed at once: its client learns that at once
  // and may try another server, whereas the queue of the kernel would let it wait.
  int max_connections = 10'000;
  int max_requests_per_connection = 10'000;  // the last is answered with "Connection: close"

  size_t max_header_bytes = 16 << 10;  // request line and headers; up to 60,000; above: 431
  size_t max_headers = 64;             // above: 431
  size_t max_target_bytes = 4 << 10;   // above: 414
  size_t max_body_bytes = 64 << 10;    // without chunk framing; above: 413

  absl::Duration handshake_timeout = absl::Seconds(10);  // of TLS; then closed
  absl::Duration header_timeout = absl::Seconds(10);     // from the first byte; then 408
  absl::Duration body_timeout = absl::Seconds(10);       // from the end of the headers; then 408
  absl::Duration idle_timeout = absl::Seconds(75);       // until the first byte; then closed
  absl::Duration write_timeout = absl::Seconds(10);      // of one response; then closed
  // After the last response, so that the client can read it before it is told that what it sends
  // is not wanted (RFC 9112, 9.6); then closed.
  absl::Duration linger_timeout = absl::Seconds(2);
};

// INVALID_ARGUMENT: a number is out of its bounds. The address is checked when it is used.
absl::Status CheckOptions(const HttpServerOptions& options);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_OPTIONS_H_
