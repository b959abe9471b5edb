#ifndef OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_H_
#define OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/rpc_backend.h"

namespace otpgate::gateway {

// How long metadata may be kept.
inline constexpr uint32_t kMetadataSeconds = 600;

// Endpoints of OAuth 2.0 beside the routes of the services, so that middleware needs no code for
// us:
//   POST /oauth2/token       grant_type=refresh_token alone (RFC 6749, 6); `scope` is ignored, for
//                            there are none
//   POST /oauth2/introspect  RFC 7662; needs the credentials of a caller
//   POST /oauth2/revoke      RFC 7009
// and, where the gateway has an issuer,
//   GET /.well-known/oauth-authorization-server  RFC 8414
//   GET /.well-known/openid-configuration        OpenID Connect Discovery 1.0, in part
// For an issuer with a path, metadata is also there with that path at the end (RFC 8414, 3.1). The
// gateway itself stays at the root of its host: the proxy in front takes the path off other URLs.
//
// POST takes application/x-www-form-urlencoded of at most kMaxBodyBytes and no query. A body of
// another type or in a coding such as gzip is 415, a larger one 413, another method 405 or 501, all
// with `invalid_request`.
// FindOAuthCaller says who calls; errors are those of answers.h. `token_type_hint` is ignored: the
// server knows its tokens. An Idempotency-Key becomes the request_id of a refresh; without one a
// new one is made. Does no I/O. Immutable, so thread-safe.
class OAuth {
 public:
  enum class Endpoint { kToken, kIntrospect, kRevoke };

  // The RPC that a request means.
  struct Call {
    Endpoint endpoint = Endpoint::kToken;
    std::string path;     // "/otpgate.v1.AuthService/RefreshToken"
    std::string message;  // the request, serialized
    std::string caller;   // for x-otpgate-client-authorization; empty: the gateway itself
  };

  // `issuer` is one that CheckIssuer accepts, or empty: no metadata.
  explicit OAuth(absl::string_view issuer);

  // Whether a path, as it came, is that of an endpoint.
  bool Handles(absl::string_view path) const { return !MethodsOf(path).empty(); }
  // The HTTP methods of an endpoint, sorted; empty: it is none.
  std::vector<std::string> MethodsOf(absl::string_view path) const;

  // The RPC of a request to an endpoint, or its answer where none is needed. Not for OPTIONS.
  std::variant<Call, HttpResponse> Begin(const HttpRequest& request) const;

  // The answer to the RPC.
  static HttpResponse AnswerTo(Endpoint endpoint, const RpcReply& reply);

 private:
  std::map<std::string, std::string> metadata_;  // by path
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_H_
