#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_HANDLER_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_HANDLER_H_

#include <functional>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// Answers one request. Call it once, on any thread, at any time, also when the client has gone or
// the server no longer exists; further calls do nothing. When all copies are destroyed without a
// call, the client gets Reject(500).
using Respond = std::function<void(HttpResponse)>;

// What is behind an HttpServer. Outlives it. Thread-safe: all network threads call it, and none of
// the functions may block.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  // Takes a request. Its connection sends nothing and reads nothing until `respond` is called, and
  // there is no limit to that time: the handler needs a deadline of its own.
  virtual void Handle(HttpRequest request, Respond respond) = 0;

  // What to send when the server itself refuses a request, so that all errors have one form.
  // `status` is one of kRejections; `detail` is a short fixed text in English, with nothing of the
  // request. The status of the response should be the same.
  virtual HttpResponse Reject(int status, absl::string_view detail) = 0;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_HANDLER_H_
