#ifndef OTPGATE_CLIENTS_GATEWAY_CORS_H_
#define OTPGATE_CLIENTS_GATEWAY_CORS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/gateway/http/message.h"

namespace otpgate::gateway {

// Cross-origin requests of browsers (Fetch Standard, 3.2): which web pages may read the answers.
// Immutable, so thread-safe.
class Cors {
 public:
  // Allows no page of another origin.
  Cors() = default;

  // `origins` in the form of the Origin header: "https://app.example.com", without a path. There is
  // no wildcard: the list is what an admin has seen.
  //   INVALID_ARGUMENT  an entry has another form
  static absl::StatusOr<Cors> Create(std::vector<std::string> origins);

  // Whether a request is a preflight: OPTIONS with Origin and Access-Control-Request-Method.
  static bool IsPreflight(const HttpRequest& request);
  // The answer to a preflight for a path that takes `methods`: 204, with the permission if the
  // origin is allowed. Cookies are permitted to requests with X-Otpgate-Session alone (see
  // SessionCookies), because nothing else looks at them.
  HttpResponse Preflight(const HttpRequest& request, const std::vector<std::string>& methods) const;

  // Adds what lets the page read an answer, if it is allowed, and `Vary: Origin` wherever the
  // answer depends on the origin.
  void AddTo(HttpResponse& response, const HttpRequest& request) const;

  // Whether the list has the origin of a request.
  bool Allows(const HttpRequest& request) const;

 private:
  std::vector<std::string> origins_;  // sorted
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_CORS_H_
