#ifndef OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_CALLER_H_
#define OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_CALLER_H_

#include <optional>
#include <string>

#include "clients/gateway/http/message.h"
#include "clients/gateway/oauth/answers.h"
#include "clients/gateway/oauth/form.h"

namespace otpgate::gateway {

// Finds out which calling service a request to an endpoint of OAuth comes from. `caller` becomes
// the value of x-otpgate-client-authorization, or stays empty where the request has no credentials.
//
// The credentials are those of client_secret_basic (RFC 6749, 2.3.1), where id and secret are
// encoded as in a form. Many clients forget that: a part with characters that no encoder leaves
// alone, such as the "=" at the end of base64, is taken as it is.
//
// Refused with 401 invalid_client: credentials of another form or method, so that nobody who means
// to be someone else is taken for the gateway. A `client_id` alone proves nothing and is ignored
// (RFC 6749, 3.2.1: it identifies a public client, and for the server all of them are the gateway);
// one beside credentials must be their id. Thread-safe.
std::optional<OAuthRefusal> FindOAuthCaller(const HttpRequest& request, const OAuthForm& form,
                                            std::string& caller);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OAUTH_OAUTH_CALLER_H_
