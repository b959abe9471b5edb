#ifndef OTPGATE_CLIENTS_GATEWAY_COMPAT_COOKIE_H_
#define OTPGATE_CLIENTS_GATEWAY_COMPAT_COOKIE_H_

#include <google/protobuf/message.h>

#include <optional>

#include "clients/gateway/cors.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/transcode/route_table.h"
#include "clients/gateway/transcode/transcoder.h"

// The cookie of front ends of an older design, which holds a session token:
//
//   __Host-otpgate-token=...; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=2592000
//
// The prefix keeps other hosts of the domain from setting it (RFC 6265bis, 4.1.3.2). Marks in the
// protos (options.proto) say which reply sets it and which methods take it. Thread-safe.
namespace otpgate::gateway {

// Makes the cookie of a request the bearer token of its headers, if the method takes it and there is
// no Authorization header. Refused:
//   400  the cookie comes twice
//   403  a page of neither this origin nor one that `cors` allows sent it. What names no page at all
//        is no browser, so that nobody else can have put the cookie there.
std::optional<Rejection> TakeCompatCookie(const RouteTable& routes, const Cors& cors,
                                          HttpRequest& request);

// The header that sets the cookie to the token of a reply; none: it has no token.
std::optional<HttpHeader> CompatCookieOf(const google::protobuf::Message& reply);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_COMPAT_COOKIE_H_
