#include "clients/gateway/oauth/answers.h"

#include <google/rpc/code.pb.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/transcode/error_body.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {
namespace {

using google::rpc::Code;
using nlohmann::ordered_json;

HttpResponse UncachedAnswer(int status) {
  return {.status = status,
          .headers = {{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}},
          .body = ""};
}

// The body is UTF-8: strings of proto3 are.
HttpResponse JsonAnswer(int status, const ordered_json& body) {
  HttpResponse response = UncachedAnswer(status);
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = body.dump();
  return response;
}

OAuthRefusal RefusalOf(const RpcReply& reply) {
  const std::string reason = ReasonOf(RpcError{reply.code, reply.message, reply.details});
  if (reason == "TOKEN_INVALID" || reason == "REQUEST_SUPERSEDED") return {400, "invalid_grant"};
  if (reason == "REQUEST_ID_REUSED") {
    return {400, "invalid_request", "the Idempotency-Key was used with another token"};
  }
  switch (reply.code) {
    case Code::INVALID_ARGUMENT:
      return {400, "invalid_request"};
    case Code::PERMISSION_DENIED:
      return {400, "unauthorized_client"};
    case Code::UNAUTHENTICATED:
      return {401, "invalid_client"};
    case Code::RESOURCE_EXHAUSTED:
      return {429, "temporarily_unavailable"};
    case Code::UNAVAILABLE:
    case Code::ABORTED:
    case Code::DEADLINE_EXCEEDED:
      return {503, "temporarily_unavailable"};
    default:
      return {500, "server_error"};
  }
}

template <class Strings>
void AddList(const char* name, const Strings& values, ordered_json& out) {
  if (!values.empty()) out[name] = std::vector<std::string>(values.begin(), values.end());
}

void AddText(const char* name, const std::string& value, ordered_json& out) {
  if (!value.empty()) out[name] = value;
}

void AddTime(const char* name, uint32_t value, ordered_json& out) {
  if (value != 0) out[name] = value;
}

// As in the claims of an access token.
const char* UserTypeName(v1::UserType type) {
  switch (type) {
    case v1::USER_TYPE_LIVE:
      return "live";
    case v1::USER_TYPE_DEMO:
      return "demo";
    default:
      return "";
  }
}

}  // namespace

HttpResponse OAuthAnswer(const OAuthRefusal& refusal) {
  ordered_json body{{"error", refusal.error}};
  AddText("error_description", refusal.description, body);
  HttpResponse response = JsonAnswer(refusal.status, body);
  if (refusal.status == 401) {
    response.headers.push_back({"WWW-Authenticate", "Basic realm=\"otpgate\""});
  }
  return response;
}

HttpResponse OAuthErrorAnswer(const RpcReply& reply) {
  HttpResponse response = OAuthAnswer(RefusalOf(reply));
  if (response.status != 429 && response.status != 503) return response;
  HttpError error = ErrorOf(RpcError{reply.code, reply.message, reply.details}, {});
  for (auto& [name, value] : error.headers) {
    response.headers.push_back({std::move(name), std::move(value)});
  }
  return response;
}

HttpResponse RefreshedAnswer(const RpcReply& reply) {
  v1::RefreshTokenResponse tokens;
  if (!tokens.ParseFromString(reply.message)) return OAuthAnswer({500, "server_error"});
  return JsonAnswer(200, {{"access_token", tokens.access_token()},
                          {"token_type", "Bearer"},
                          {"expires_in", tokens.expires_in()},
                          {"refresh_token", tokens.refresh_token()}});
}

HttpResponse IntrospectedAnswer(const RpcReply& reply) {
  v1::IntrospectTokenResponse facts;
  if (!facts.ParseFromString(reply.message)) return OAuthAnswer({500, "server_error"});
  ordered_json body{{"active", facts.active()}};
  if (!facts.active()) return JsonAnswer(200, body);
  const bool access = facts.token_type() == "access_token";
  AddText("token_type", access ? "Bearer" : facts.token_type(), body);
  AddText("sub", facts.sub(), body);
  AddText("sid", facts.sid(), body);
  AddText("client_id", facts.client_id(), body);
  AddText("iss", facts.iss(), body);
  AddList("aud", facts.aud(), body);
  AddText("jti", facts.jti(), body);
  AddTime("iat", facts.iat(), body);
  AddTime("exp", facts.exp(), body);
  AddTime("auth_time", facts.auth_time(), body);
  AddList("amr", facts.amr(), body);
  AddText("user_type", UserTypeName(facts.user_type()), body);
  return JsonAnswer(200, body);
}

HttpResponse RevokedAnswer() { return UncachedAnswer(200); }

}  // namespace otpgate::gateway
