#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_MESSAGE_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_MESSAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::gateway {

struct HttpHeader {
  std::string name;   // of requests: in lower case
  std::string value;  // without the white space around it

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

// One request, complete and well-formed (RFC 9112).
struct HttpRequest {
  std::string method;  // as sent; methods are case-sensitive (RFC 9110, 9.1)
  // As sent: "/path?query", or "*" with OPTIONS. Printable ASCII; every % begins a valid triplet.
  std::string target;
  std::string path;   // of the target, still percent-encoded
  std::string query;  // what follows its first "?", still percent-encoded
  // In the order of the request, but repeats of a name follow its first. Values may hold bytes
  // above 0x7F, and no control characters but tabs. Trailers do not exist: see ChunkDecoder.
  std::vector<HttpHeader> headers;
  std::string body;     // without its chunks
  std::string peer_ip;  // of the TCP connection: "192.0.2.1", "2001:db8::1"
  bool secure = false;  // came by TLS

  // The value of the first header with this name, in lower case; null: there is none.
  const std::string* Find(absl::string_view name) const;
  // The elements of all headers with this name, in lower case, as one list (RFC 9110, 5.3); none: there
  // is no such header.
  std::optional<std::string> FindList(absl::string_view name) const;
  // How many headers have this name, in lower case.
  size_t Count(absl::string_view name) const;
};

// One final response. The server writes Date, Content-Length and Connection itself and drops these
// and Transfer-Encoding here.
struct HttpResponse {
  int status = 200;  // 200 to 599
  // Names are tokens, values without control characters but tabs; otherwise 500 is sent.
  std::vector<HttpHeader> headers;
  std::string body;  // is not sent with 204 and 304, or to HEAD
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_MESSAGE_H_
