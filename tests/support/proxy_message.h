#ifndef OTPGATE_TESTS_SUPPORT_PROXY_MESSAGE_H_
#define OTPGATE_TESTS_SUPPORT_PROXY_MESSAGE_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::support {

enum class Direction { kToServer, kToClient };

// How a byte stream is split into messages.
enum class Framing {
  kBytes,        // the bytes of one read
  kSingleBytes,  // each byte, for faults at an offset
  kPostgres,     // protocol 3.0; the start-up message and the answer to SSLRequest count too
  kHttp2,        // frames; the client's preface counts too
};

struct ProxyMessage {
  Direction direction = Direction::kToServer;
  int type = 0;       // PostgreSQL: the type byte, 'Q'. HTTP/2: the frame type. Else 0
  std::string bytes;  // on the wire, with the header
  size_t header = 0;  // bytes of the header

  absl::string_view body() const { return absl::string_view(bytes).substr(header); }
};

using MessageMatch = std::function<bool(const ProxyMessage&)>;

MessageMatch AnyMessage();
// The body contains these bytes.
MessageMatch Holds(std::string text);
// PostgreSQL, to the server: a simple query, or a Parse, with exactly this SQL.
MessageMatch PgQuery(std::string sql);
// PostgreSQL, to the client: CommandComplete with this tag, e.g. "COMMIT" or "INSERT 0 1".
MessageMatch PgDone(std::string tag);
// HTTP/2: DATA 0, HEADERS 1, RST_STREAM 3, SETTINGS 4, PING 6, GOAWAY 7, WINDOW_UPDATE 8.
MessageMatch OfType(int type);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PROXY_MESSAGE_H_
