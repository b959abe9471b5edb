#ifndef OTPGATE_CLIENTS_GATEWAY_SESSION_COOKIES_H_
#define OTPGATE_CLIENTS_GATEWAY_SESSION_COOKIES_H_

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/gateway/cors.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/transcode/binding.h"
#include "clients/gateway/transcode/transcoder.h"

namespace otpgate::gateway {

// The cookie of a web application, which holds the refresh token.
inline constexpr char kSessionCookie[] = "__Secure-otpgate-session";

// Keeps the refresh token of web applications in a cookie that their scripts cannot read.
//
// A request asks for it with the header `X-Otpgate-Session: cookie`. Then fields with the mark
// `session_cookie` (options.proto) are empty in its JSON, and travel in
//   __Secure-otpgate-session=...; Path=/v1/tokens:refresh; Max-Age=...; Secure; HttpOnly;
//   SameSite=Strict
// once for each route whose request has such a field, so that the browser sends it there only. That
// is why the name cannot begin with __Host-, which asks for the path "/" (RFC 6265bis, 4.1.3.2).
//
// Without the header cookies are not looked at. A page of another origin can send that header only
// after a preflight, SameSite=Strict keeps the cookie from other sites, and the origin is checked
// here (OWASP CSRF Prevention Cheat Sheet): three barriers. Immutable, so thread-safe.
class SessionCookies {
 public:
  // `bindings`: all routes. Those with variables in their path get no cookie. `path_prefix`: what
  // the proxy in front takes off the path (IssuerPath), because browsers see the path with it.
  SessionCookies(absl::Span<const Binding> bindings, absl::string_view path_prefix);

  // Whether a method has marked fields and the request asks for cookies.
  static bool AreFor(const HttpRequest& request, const RpcRequest& rpc);

  // For a request that they are for: puts the value of the cookie into the message. Refused:
  //   400  the header has another value; the cookie comes twice; the body has a token as well
  //   401  the method needs a token, and there is no cookie: nobody is signed in
  //   403  the page is neither of this origin nor of one that `cors` allows
  static std::optional<Rejection> Begin(const HttpRequest& request, const Cors& cors,
                                        RpcRequest& rpc);

  // The headers of a successful answer; takes the token out of `reply`. A method that takes a token
  // and returns none has ended the session, so the cookie is removed.
  //   INTERNAL  the token cannot be in a cookie
  absl::StatusOr<std::vector<HttpHeader>> TakeFrom(const RpcRequest& rpc,
                                                   google::protobuf::Message& reply) const;

  // The headers of a refusal: the cookie is removed if its token is of no use any more
  // (TOKEN_INVALID). REQUEST_SUPERSEDED leaves it, because it may hold the newer token already.
  std::vector<HttpHeader> AfterRefusal(const RpcRequest& rpc, absl::string_view reason) const;

 private:
  std::vector<HttpHeader> Set(absl::string_view value, absl::string_view max_age) const;
  std::vector<HttpHeader> Removed() const { return Set("", "; Max-Age=0"); }

  std::vector<std::string> paths_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_SESSION_COOKIES_H_
