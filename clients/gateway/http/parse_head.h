#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_PARSE_HEAD_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_PARSE_HEAD_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// The request of a head that CheckHead has passed, read by Beast; without body and peer. None: Beast
// finds fault with it.
std::optional<HttpRequest> ParseHead(absl::string_view head);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_PARSE_HEAD_H_
