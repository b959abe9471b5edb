#ifndef OTPGATE_CLIENTS_GATEWAY_COOKIES_H_
#define OTPGATE_CLIENTS_GATEWAY_COOKIES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// All values that a request has for a cookie (RFC 6265, 4.2.1); a proxy may have cut the header into
// several. Thread-safe.
std::vector<std::string> CookieValues(const HttpRequest& request, absl::string_view name);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_COOKIES_H_
