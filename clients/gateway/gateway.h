#ifndef OTPGATE_CLIENTS_GATEWAY_GATEWAY_H_
#define OTPGATE_CLIENTS_GATEWAY_GATEWAY_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/log.h"
#include "clients/gateway/cors.h"
#include "clients/gateway/gateway_metrics.h"
#include "clients/gateway/http/handler.h"
#include "clients/gateway/oauth/oauth.h"
#include "clients/gateway/rpc_backend.h"
#include "clients/gateway/session_cookies.h"
#include "clients/gateway/transcode/transcoder.h"

namespace otpgate::gateway {

struct GatewayOptions {
  // Proxies in front of the gateway; see EndUserAddress.
  int trusted_proxies = 0;
  // How long an RPC may take; then 504.
  absl::Duration call_timeout = absl::Seconds(10);
  // Value of x-otpgate-client-authorization, with which the gateway proves who it is; empty: none.
  std::string caller_authorization;
  // The `iss` of tokens, a URL that CheckIssuer accepts; empty: no metadata of OAuth.
  std::string issuer;
};

// Answers HTTP requests with RPCs. Besides the routes of the services it has
//   GET /healthz       200 while the process runs
//   GET /readyz        200 while a server can be reached, else 503
//   GET /openapi.json  the OpenAPI document of the services; anyone may cache it for 10 minutes
// and the endpoints of OAuth, see OAuth.
//
// The caller of an RPC is the service whose Basic credentials a request has (see CallerOf), and the
// gateway itself for others.
//
// Requests of web applications may keep their refresh token in a cookie, see SessionCookies.
//
// Every response carries X-Request-Id: that of the request if it is well-formed, else a new one.
// What is not marked as cacheable in the proto files is `Cache-Control: no-store`. A method with a
// `request_id` always gets one, from the body, from Idempotency-Key, or a new one, so that retries
// on the way have one effect. Thread-safe.
class Gateway final : public HttpHandler {
 public:
  // `transcoder` and `backend` outlive the gateway, `metrics` and `log` all answers too; those that
  // come after its end are delivered. Every response has a line in the log (see LogAnswer); null:
  // none.
  Gateway(GatewayOptions options, Cors cors, const Transcoder* transcoder, RpcBackend* backend,
          GatewayMetrics* metrics, Log* log = nullptr);

  void Handle(HttpRequest request, Respond respond) override;
  HttpResponse Reject(int status, absl::string_view detail) override;

 private:
  struct Exchange;
  // What answers need that are on their way when the gateway ends.
  struct Shared {
    Cors cors;
    SessionCookies cookies;
    GatewayMetrics& metrics;
    Log* log;
  };

  // The answer to a request that needs no RPC; none: `rpc` is set.
  std::optional<HttpResponse> AnswerHere(const HttpRequest& request, RpcRequest& rpc) const;
  static HttpResponse AnswerTo(const Exchange& exchange, const RpcReply& reply);
  HttpResponse AnswerOwnPath(const HttpRequest& request) const;
  HttpResponse AnswerOptions(const HttpRequest& request) const;
  // The methods of a path but for OPTIONS; empty: there is no such path.
  std::vector<std::string> MethodsOf(absl::string_view path) const;
  void HandleOAuth(const std::shared_ptr<Exchange>& exchange);
  // A call without its message. `caller` is a value of x-otpgate-client-authorization or empty.
  RpcCall CallFor(const Exchange& exchange, const std::string& caller) const;

  const GatewayOptions options_;
  const std::shared_ptr<const Shared> shared_;
  const OAuth oauth_;
  const Transcoder& transcoder_;
  RpcBackend& backend_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_GATEWAY_H_
