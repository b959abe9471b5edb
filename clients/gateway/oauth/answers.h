#ifndef OTPGATE_CLIENTS_GATEWAY_OAUTH_ANSWERS_H_
#define OTPGATE_CLIENTS_GATEWAY_OAUTH_ANSWERS_H_

#include "clients/gateway/http/message.h"
#include "clients/gateway/rpc_backend.h"

// Answers of the endpoints of OAuth. None may be cached: Cache-Control: no-store and
// Pragma: no-cache (RFC 6749, 5.1). Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// Why a request is refused. The texts are fixed, with nothing of the request.
struct OAuthRefusal {
  int status = 400;
  const char* error = "invalid_request";  // RFC 6749, 5.2
  const char* description = "";           // for developers; empty: left out
};

// {"error":"invalid_grant","error_description":"..."}. 401 comes with a challenge for Basic.
HttpResponse OAuthAnswer(const OAuthRefusal& refusal);

// The answer to an RPC that was refused:
//   400 invalid_grant            the refresh token is of no use: TOKEN_INVALID, REQUEST_SUPERSEDED
//   400 invalid_request          INVALID_REQUEST, REQUEST_ID_REUSED
//   400 unauthorized_client      the caller may not call this method
//   401 invalid_client           the credentials of the caller are wrong or missing
//   429 temporarily_unavailable  limits and overload, with Retry-After and RateLimit
//   503 temporarily_unavailable  UNAVAILABLE, ABORTED and DEADLINE_EXCEEDED, with Retry-After where
//                                the server says when
//   500 server_error             everything else
// `temporarily_unavailable` and `server_error` are those of RFC 6749, 4.1.2.1; 5.2 has none.
HttpResponse OAuthErrorAnswer(const RpcReply& reply);

// The answers to RPCs that succeeded; 500 if the reply cannot be read.
//   RefreshToken     RFC 6749, 5.1
//   IntrospectToken  RFC 7662, 2.2; {"active":false} is all of an inactive token. Fields without a
//                    value are left out. `token_type` is "Bearer" for an access token and
//                    "refresh_token" for a refresh token, which no resource server should accept.
//   RevokeToken      RFC 7009, 2.2: an empty body
HttpResponse RefreshedAnswer(const RpcReply& reply);
HttpResponse IntrospectedAnswer(const RpcReply& reply);
HttpResponse RevokedAnswer();

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OAUTH_ANSWERS_H_
