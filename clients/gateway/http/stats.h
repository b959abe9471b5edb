#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_STATS_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_STATS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace otpgate::gateway {

// The statuses with which the server itself refuses requests:
//   400  not HTTP/1.1 in its strict form
//   408  header_timeout or body_timeout
//   413  max_body_bytes
//   414  max_target_bytes
//   417  an Expect other than 100-continue
//   431  max_header_bytes or max_headers
//   500  the handler dropped the request, or its response was not well-formed
//   501  a Transfer-Encoding other than chunked
//   505  a version other than 1.1 and 1.0
inline constexpr std::array<int, 9> kRejections = {400, 408, 413, 414, 417, 431, 500, 501, 505};

// What a server has done so far, for metrics. Numbers are read one after the other, not at one
// moment.
struct HttpStats {
  int64_t open_connections = 0;                            // now
  uint64_t connections = 0;                                // taken
  uint64_t over_limit = 0;                                 // closed at once, for max_connections
  uint64_t accept_failures = 0;                            // such as no free file descriptor
  uint64_t requests = 0;                                   // given to the handler
  std::array<uint64_t, kRejections.size()> rejected = {};  // beside kRejections
  uint64_t idle_closed = 0;                                // for idle_timeout
  uint64_t write_timeouts = 0;
  uint64_t handshake_failures = 0;  // of TLS, timeouts included
  uint64_t identities_refused = 0;  // of TlsSource
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_STATS_H_
