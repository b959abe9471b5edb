#include "clients/gateway/gateway.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/end_user_address.h"
#include "clients/gateway/oauth/metadata.h"
#include "clients/gateway/openapi/openapi_json.h"
#include "clients/gateway/request_log.h"
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

void Add(std::vector<HttpHeader> headers, HttpResponse& response) {
  std::move(headers.begin(), headers.end(), std::back_inserter(response.headers));
}

// `cookies`: null unless they are for the request.
absl::StatusOr<HttpResponse> Success(const HttpRequest& request, const RpcRequest& rpc,
                                     absl::string_view bytes, const SessionCookies* cookies) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<google::protobuf::Message> reply,
                           ParseReply(*rpc.method, bytes));
  std::vector<HttpHeader> set_cookies;
  if (cookies != nullptr) {
    OTPGATE_ASSIGN_OR_RETURN(set_cookies, cookies->TakeFrom(rpc, *reply));
  }
  OTPGATE_ASSIGN_OR_RETURN(std::string json, RenderReply(*reply, *rpc.binding));
  HttpResponse response = ToResponse(request, std::move(json), MaxAge(rpc));
  Add(std::move(set_cookies), response);
  const std::string limit = RateLimitOf(*reply);
  if (!limit.empty()) response.headers.push_back({"RateLimit", limit});
  return response;
}

HttpResponse Refusal(const HttpRequest& request, const RpcRequest& rpc, const RpcError& error,
                     const SessionCookies* cookies) {
  HttpResponse response = ToResponse(ErrorOf(error, StyleFor(request)));
  if (cookies != nullptr) Add(cookies->AfterRefusal(rpc, ReasonOf(error)), response);
  return response;
}

}  // namespace

// One request and what its answer needs, until it is answered.
struct Gateway::Exchange {
  Exchange(HttpRequest from, Respond to, std::string address, std::shared_ptr<const Shared> parts)
      : request(std::move(from)),
        request_id(GivenRequestId(request).value_or(client::NewRequestId())),
        end_user_address(std::move(address)),
        respond(std::move(to)),
        shared(std::move(parts)) {}

  void Finish(HttpResponse response) const {
    AddCommonHeaders(response, request_id, request.secure);
    if (!Cors::IsPreflight(request)) shared->cors.AddTo(response, request);
    Note(response.status);
    respond(std::move(response));
  }

  void Note(int status) const {
    const absl::string_view name = absl::StripPrefix(rpc.grpc_path, "/");
    const absl::Duration took = absl::Now() - began;
    shared->metrics.Answered(name, status, took);
    if (shared->log == nullptr) return;
    LogAnswer({request.method, request.path, name, status, took, request_id, end_user_address},
              *shared->log);
  }

  const HttpRequest request;
  const std::string request_id;
  const std::string end_user_address;
  RpcRequest rpc;
  const Respond respond;
  const std::shared_ptr<const Shared> shared;
  const absl::Time began = absl::Now();
};

Gateway::Gateway(GatewayOptions options, Cors cors, const Transcoder* transcoder,
                 RpcBackend* backend, GatewayMetrics* metrics, Log* log)
    : options_(std::move(options)),
      shared_(std::make_shared<const Shared>(
          Shared{std::move(cors),
                 SessionCookies(transcoder->routes().bindings(), IssuerPath(options_.issuer)),
                 *metrics, log})),
      oauth_(options_.issuer),
      transcoder_(*transcoder),
      backend_(*backend) {}

void Gateway::Handle(HttpRequest request, Respond respond) {
  std::string address = EndUserAddress(request, options_.trusted_proxies);
  const auto exchange = std::make_shared<Exchange>(std::move(request), std::move(respond),
                                                   std::move(address), shared_);
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
    exchange->Finish(AnswerTo(*exchange, reply));
  });
}

HttpResponse Gateway::AnswerTo(const Exchange& exchange, const RpcReply& reply) {
  const HttpRequest& request = exchange.request;
  const RpcRequest& rpc = exchange.rpc;
  const SessionCookies* cookies =
      SessionCookies::AreFor(request, rpc) ? &exchange.shared->cookies : nullptr;
  if (reply.code != kOk) {
    return Refusal(request, rpc, {reply.code, reply.message, reply.details}, cookies);
  }
  absl::StatusOr<HttpResponse> response = Success(request, rpc, reply.message, cookies);
  if (response.ok()) return *std::move(response);
  return Refusal(request, rpc, {kInternal, "internal error", ""}, cookies);
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
  const std::string request_id = client::NewRequestId();
  AddCommonHeaders(response, request_id, /*secure=*/false);
  if (shared_->log != nullptr) {
    LogAnswer({.method = "",
               .path = "",
               .rpc = "",
               .status = status,
               .took = absl::ZeroDuration(),
               .x_request_id = request_id,
               .address = ""},
              *shared_->log);
  }
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
  if (!SessionCookies::AreFor(request, rpc)) return std::nullopt;
  if (const auto rejection = SessionCookies::Begin(request, shared_->cors, rpc)) {
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
  if (Cors::IsPreflight(request)) return shared_->cors.Preflight(request, methods);
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
  call.metadata.emplace_back("x-otpgate-client-ip", exchange.end_user_address);
  const std::string& authorization = caller.empty() ? options_.caller_authorization : caller;
  if (!authorization.empty()) {
    call.metadata.emplace_back("x-otpgate-client-authorization", authorization);
  }
  call.metadata.emplace_back("x-request-id", exchange.request_id);
  call.timeout = options_.call_timeout;
  return call;
}

}  // namespace otpgate::gateway
