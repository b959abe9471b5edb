#include "clients/gateway/gateway.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/end_user_address.h"
#include "clients/gateway/openapi/openapi_json.h"
#include "clients/gateway/response_headers.h"
#include "clients/gateway/transcode/error_body.h"
#include "clients/gateway/transcode/reply.h"
#include "otpgate/client/request_id.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

constexpr int kOk = 0;
constexpr int kInternal = 13;  // google.rpc.Code
constexpr uint32_t kDocumentMaxAge = 600;

// What the gateway answers by itself.
constexpr std::array<absl::string_view, 3> kOwnPaths = {"/healthz", "/readyz", "/openapi.json"};
constexpr std::array<const char*, 2> kOwnMethods = {"GET", "HEAD"};

template <class Strings>
bool IsAmong(const Strings& strings, absl::string_view text) {
  return std::find(strings.begin(), strings.end(), text) != strings.end();
}

Rejection BadHeader(const char* name, const char* description) {
  Rejection rejection;
  rejection.message = "a header breaks its documented form";
  rejection.violations.push_back({name, description});
  return rejection;
}

HttpResponse RefuseEncoding(const HttpRequest& request) {
  Rejection rejection;
  rejection.http_status = 415;
  rejection.message = "the body must not be encoded";
  HttpResponse response = ToResponse(ErrorOf(rejection, StyleFor(request)));
  response.headers.push_back({"Accept-Encoding", "identity"});  // RFC 9110, 15.5.16
  return response;
}

RestRequest PartsOf(const HttpRequest& request) {
  RestRequest parts{.method = request.method,
                    .path = request.path,
                    .query = request.query,
                    .content_type = std::nullopt,
                    .body = request.body};
  const std::string* content_type = request.Find("content-type");
  if (content_type != nullptr) parts.content_type = *content_type;
  return parts;
}

// A request without an id of its own gets one: the channel repeats calls whose answer was lost.
std::optional<Rejection> GiveRequestId(const HttpRequest& request, RpcRequest& rpc) {
  const std::string* key = request.Find("idempotency-key");
  if (key == nullptr) {
    SetRequestId(*rpc.message, client::NewRequestId());  // one in the body stays
    return std::nullopt;
  }
  const std::optional<std::string> id = RequestIdOf(*key);
  if (!id) return BadHeader("Idempotency-Key", "must have 1 to 255 printable ASCII characters");
  if (!SetRequestId(*rpc.message, *id)) {
    return BadHeader("Idempotency-Key", "contradicts the request_id of the body");
  }
  return std::nullopt;
}

uint32_t MaxAge(const RpcRequest& rpc) {
  return rpc.method->options().GetExtension(v1::cache_seconds);
}

absl::StatusOr<std::string> JsonOf(const RpcRequest& rpc, absl::string_view bytes) {
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> reply = ParseReply(*rpc.method, bytes);
  if (!reply.ok()) return reply.status();
  return RenderReply(**reply, *rpc.binding);
}

HttpResponse ReplyTo(const HttpRequest& request, const RpcRequest& rpc, const RpcReply& reply) {
  if (reply.code != kOk) {
    return ToResponse(
        ErrorOf(RpcError{reply.code, reply.message, reply.details}, StyleFor(request)));
  }
  absl::StatusOr<std::string> json = JsonOf(rpc, reply.message);
  if (json.ok()) return ToResponse(request, *std::move(json), MaxAge(rpc));
  return ToResponse(ErrorOf(RpcError{kInternal, "internal error", ""}, StyleFor(request)));
}

}  // namespace

// One request and what its answer needs, until it is answered.
struct Gateway::Exchange {
  Exchange(HttpRequest from, Respond to, std::shared_ptr<const Cors> rules, GatewayMetrics* counts)
      : request(std::move(from)),
        request_id(GivenRequestId(request).value_or(client::NewRequestId())),
        respond(std::move(to)),
        cors(std::move(rules)),
        metrics(*counts) {}

  void Finish(HttpResponse response) const {
    AddCommonHeaders(response, request_id, request.secure);
    if (!Cors::IsPreflight(request)) cors->AddTo(response, request);
    metrics.Answered(absl::StripPrefix(rpc.grpc_path, "/"), response.status, absl::Now() - began);
    respond(std::move(response));
  }

  const HttpRequest request;
  const std::string request_id;
  RpcRequest rpc;
  const Respond respond;
  const std::shared_ptr<const Cors> cors;
  GatewayMetrics& metrics;
  const absl::Time began = absl::Now();
};

Gateway::Gateway(GatewayOptions options, Cors cors, const Transcoder* transcoder,
                 RpcBackend* backend, GatewayMetrics* metrics)
    : options_(std::move(options)),
      cors_(std::make_shared<const Cors>(std::move(cors))),
      oauth_(options_.issuer),
      transcoder_(*transcoder),
      backend_(*backend),
      metrics_(*metrics) {}

void Gateway::Handle(HttpRequest request, Respond respond) {
  const auto exchange =
      std::make_shared<Exchange>(std::move(request), std::move(respond), cors_, &metrics_);
  if (exchange->request.method != "OPTIONS" && oauth_.Handles(exchange->request.path)) {
    HandleOAuth(exchange);
    return;
  }
  if (std::optional<HttpResponse> response = AnswerHere(exchange->request, exchange->rpc)) {
    exchange->Finish(*std::move(response));
    return;
  }
  RpcCall call = CallFor(*exchange, CallerOf(exchange->request).value_or(""));
  call.message = exchange->rpc.message->SerializeAsString();
  backend_.Call(std::move(call), [exchange](const RpcReply& reply) {
    exchange->Finish(ReplyTo(exchange->request, exchange->rpc, reply));
  });
}

void Gateway::HandleOAuth(const std::shared_ptr<Exchange>& exchange) {
  std::variant<OAuth::Call, HttpResponse> begun = oauth_.Begin(exchange->request);
  if (auto* response = std::get_if<HttpResponse>(&begun)) {
    exchange->Finish(std::move(*response));
    return;
  }
  auto& meant = std::get<OAuth::Call>(begun);
  exchange->rpc.grpc_path = std::move(meant.path);
  RpcCall call = CallFor(*exchange, meant.caller);
  call.message = std::move(meant.message);
  backend_.Call(std::move(call), [exchange, endpoint = meant.endpoint](const RpcReply& reply) {
    exchange->Finish(OAuth::AnswerTo(endpoint, reply));
  });
}

HttpResponse Gateway::Reject(int status, absl::string_view detail) {
  Rejection rejection;
  rejection.http_status = status;
  rejection.message = std::string(detail);
  HttpResponse response = ToResponse(ErrorOf(rejection, {}));
  AddCommonHeaders(response, client::NewRequestId(), /*secure=*/false);
  return response;
}

std::optional<HttpResponse> Gateway::AnswerHere(const HttpRequest& request, RpcRequest& rpc) const {
  if (request.method == "OPTIONS") return AnswerOptions(request);
  if (IsAmong(kOwnPaths, request.path)) return AnswerOwnPath(request);
  if (const char* name = RepeatedHeader(request)) {
    return ToResponse(ErrorOf(BadHeader(name, "must not be repeated"), StyleFor(request)));
  }
  if (IsEncoded(request)) return RefuseEncoding(request);
  std::variant<RpcRequest, Rejection> result = transcoder_.Transcode(PartsOf(request));
  if (const auto* rejection = std::get_if<Rejection>(&result)) {
    return ToResponse(ErrorOf(*rejection, StyleFor(request)));
  }
  rpc = std::get<RpcRequest>(std::move(result));
  if (const std::optional<Rejection> rejection = GiveRequestId(request, rpc)) {
    return ToResponse(ErrorOf(*rejection, StyleFor(request)));
  }
  return std::nullopt;
}

HttpResponse Gateway::AnswerOwnPath(const HttpRequest& request) const {
  if (!IsAmong(kOwnMethods, request.method)) {
    const Rejection rejection =
        RejectMethod(request.method, {kOwnMethods.begin(), kOwnMethods.end()});
    return ToResponse(ErrorOf(rejection, StyleFor(request)));
  }
  if (request.path == "/openapi.json") {
    return ToResponse(request, std::string(OpenApiJson()), kDocumentMaxAge);
  }
  HttpResponse response{.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "ok\n"};
  if (request.path == "/readyz" && !backend_.ready()) {
    response.status = 503;
    response.body = "no server can be reached\n";
  }
  return response;
}

HttpResponse Gateway::AnswerOptions(const HttpRequest& request) const {
  // About the server as a whole (RFC 9110, 9.3.7).
  if (request.path == "*") return {.status = 204, .headers = {}, .body = ""};
  const std::vector<std::string> methods = MethodsOf(request.path);
  if (methods.empty()) {
    Rejection rejection;
    rejection.http_status = 404;
    rejection.message = "no such path";
    return ToResponse(ErrorOf(rejection, StyleFor(request)));
  }
  if (Cors::IsPreflight(request)) return cors_->Preflight(request, methods);
  HttpResponse response{.status = 204, .headers = {}, .body = ""};
  response.headers.push_back({"Allow", absl::StrCat(absl::StrJoin(methods, ", "), ", OPTIONS")});
  return response;
}

std::vector<std::string> Gateway::MethodsOf(absl::string_view path) const {
  if (oauth_.Handles(path)) return oauth_.MethodsOf(path);
  if (IsAmong(kOwnPaths, path)) return {kOwnMethods.begin(), kOwnMethods.end()};
  const LookupResult result = transcoder_.routes().Lookup("OPTIONS", path);
  const auto* found = std::get_if<MethodNotAllowed>(&result);
  return found == nullptr ? std::vector<std::string>() : found->allow;
}

RpcCall Gateway::CallFor(const Exchange& exchange, const std::string& caller) const {
  RpcCall call;
  call.path = exchange.rpc.grpc_path;
  call.metadata = ForwardedHeaders(exchange.request);
  call.metadata.emplace_back("x-otpgate-client-ip",
                             EndUserAddress(exchange.request, options_.trusted_proxies));
  const std::string& authorization = caller.empty() ? options_.caller_authorization : caller;
  if (!authorization.empty()) {
    call.metadata.emplace_back("x-otpgate-client-authorization", authorization);
  }
  call.metadata.emplace_back("x-request-id", exchange.request_id);
  call.timeout = options_.call_timeout;
  return call;
}

}  // namespace otpgate::gateway
