#ifndef OTPGATE_CLIENTS_GATEWAY_TRUSTED_PAGE_H_
#define OTPGATE_CLIENTS_GATEWAY_TRUSTED_PAGE_H_

#include "absl/strings/string_view.h"
#include "clients/gateway/cors.h"
#include "clients/gateway/http/message.h"

// Which web pages may use the cookies of the gateway (OWASP CSRF Prevention Cheat Sheet,
// "Identifying Source Origin"). Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// Whether an origin, such as "https://app.example.com", is one that `cors` allows or that of the
// request's own host. A proxy in front may have taken TLS off, so the own one is https.
bool IsTrustedOrigin(absl::string_view origin, const HttpRequest& request, const Cors& cors);

// Whether Sec-Fetch-Site or Origin say that a trusted page sent the request. Browsers send the
// former, or at least Origin with POST, and no script can change them; the host is compared only for
// browsers that lack the former.
bool IsTrustedPage(const HttpRequest& request, const Cors& cors);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRUSTED_PAGE_H_
