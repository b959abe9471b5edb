#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/strings/string_view.h"

namespace otpgate::gateway {

// Where the head of a request ends: the request line and headers, with the empty line after them.
struct HeadEnd {
  enum class State { kMore, kFound, kMalformed };
  State state = State::kMore;
  size_t size = 0;  // of the head, when found
};

// Looks for the end of the head that `bytes` begin with. `scanned`: how many bytes an earlier call
// with fewer of the same bytes has seen; is set for the next one, so each byte is looked at once.
// kMalformed as soon as a line does not end with CRLF, the first line is empty, or there is a
// control character other than tab.
HeadEnd FindHeadEnd(absl::string_view bytes, size_t& scanned);

// What a head says about its connection and body.
struct HeadFacts {
  bool http11 = true;            // false: HTTP/1.0
  bool keep_alive = true;        // RFC 9112, 9.3
  bool expect_continue = false;  // RFC 9110, 10.1.1; never with HTTP/1.0
  bool chunked = false;
  uint64_t content_length = 0;  // not above max_body

  friend bool operator==(const HeadFacts&, const HeadFacts&) = default;
};

// Why a request is refused.
struct Refusal {
  int status = 400;          // one of kRejections
  absl::string_view detail;  // a literal, with nothing of the request
};

struct HeadLimits {
  size_t max_target = 4096;  // bytes; above: 414
  size_t max_headers = 64;   // above: 431
  size_t max_body = 65536;   // bytes; a longer Content-Length: 413
};

using CheckedHead = std::variant<HeadFacts, Refusal>;

// Checks a whole head, as FindHeadEnd found it, against a strict reading of RFC 9112: whoever reads
// the same bytes by the RFC sees the same request. Where recipients are known to differ, or the RFC
// leaves a choice, it refuses:
//
//   request line  one space between its parts. HTTP/1.1 or 1.0 (other versions: 505). The target
//                 in origin form, or "*" with OPTIONS. The absolute form, which the RFC wants
//                 accepted, is refused too: it is a second place for the host. RFC 3986 characters
//                 only, % only before two hex digits
//   headers       "name:value" with a token before the colon; no folding; no control characters
//   Host          exactly one with HTTP/1.1, at most one with 1.0; a name or an address with an
//                 optional port, without the sub-delims that RFC 3986 has beside them
//   body          at most one Content-Length, digits only; or, in HTTP/1.1, one Transfer-Encoding
//                 that is "chunked" (more codings before it: 501); never both
//   Connection    a list of tokens
//   Expect        100-continue only (417)
CheckedHead CheckHead(absl::string_view head, const HeadLimits& limits);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_HEAD_H_
