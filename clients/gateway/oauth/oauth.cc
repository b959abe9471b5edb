#include "clients/gateway/oauth/oauth.h"

#include <algorithm>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/oauth/answers.h"
#include "clients/gateway/oauth/form.h"
#include "clients/gateway/oauth/metadata.h"
#include "clients/gateway/oauth/oauth_caller.h"
#include "clients/gateway/response_headers.h"
#include "clients/gateway/transcode/media_type.h"
#include "clients/gateway/transcode/transcoder.h"
#include "otpgate/client/request_id.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::gateway {
namespace {

constexpr absl::string_view kAuthService = "/otpgate.v1.AuthService/";

std::optional<OAuth::Endpoint> EndpointOf(absl::string_view path) {
  if (path == "/oauth2/token") return OAuth::Endpoint::kToken;
  if (path == "/oauth2/introspect") return OAuth::Endpoint::kIntrospect;
  if (path == "/oauth2/revoke") return OAuth::Endpoint::kRevoke;
  return std::nullopt;
}

OAuthRefusal InvalidRequest(const char* description, int status = 400) {
  return {status, "invalid_request", description};
}

HttpResponse RefuseMethod(absl::string_view method, const std::vector<std::string>& allow) {
  const Rejection rejection = RejectMethod(method, allow);
  HttpResponse response =
      OAuthAnswer(InvalidRequest("the path takes another method", rejection.http_status));
  if (!rejection.allow.empty()) {
    response.headers.push_back({"Allow", absl::StrJoin(rejection.allow, ", ")});
  }
  return response;
}

HttpResponse RefuseEncodedForm() {
  HttpResponse response = OAuthAnswer(InvalidRequest("the body must not be encoded", 415));
  response.headers.push_back({"Accept-Encoding", "identity"});  // RFC 9110, 15.5.16
  return response;
}

// What is wrong with a request apart from its parameters and its caller.
std::optional<OAuthRefusal> CheckForm(const HttpRequest& request) {
  if (RepeatedHeader(request) != nullptr) {
    return InvalidRequest("a header comes twice");
  }
  const std::string* content_type = request.Find("content-type");
  if (content_type == nullptr || !IsFormContentType(*content_type)) {
    return InvalidRequest("the body must be application/x-www-form-urlencoded", 415);
  }
  if (request.body.size() > kMaxBodyBytes) return InvalidRequest("the body is too large", 413);
  if (!request.query.empty()) return InvalidRequest("parameters belong in the body");
  return std::nullopt;
}

std::optional<OAuthRefusal> SetRefresh(const HttpRequest& request, const OAuthForm& form,
                                       OAuth::Call& call) {
  const std::string grant = ValueOf(form, "grant_type");
  if (grant.empty()) return InvalidRequest("grant_type is missing");
  if (grant != "refresh_token") return OAuthRefusal{400, "unsupported_grant_type"};
  v1::RefreshTokenRequest message;
  message.set_refresh_token(ValueOf(form, "refresh_token"));
  if (message.refresh_token().empty()) return InvalidRequest("refresh_token is missing");
  const std::string* key = request.Find("idempotency-key");
  const std::optional<std::string> id = key == nullptr ? client::NewRequestId() : RequestIdOf(*key);
  if (!id) return InvalidRequest("the Idempotency-Key breaks its form");
  message.set_request_id(*id);
  call.path = absl::StrCat(kAuthService, "RefreshToken");
  call.message = message.SerializeAsString();
  return std::nullopt;
}

// A method whose request is a token.
template <class Message>
std::optional<OAuthRefusal> SetToken(const char* method, const OAuthForm& form, OAuth::Call& call) {
  Message message;
  message.set_token(ValueOf(form, "token"));
  if (message.token().empty()) return InvalidRequest("token is missing");
  call.path = absl::StrCat(kAuthService, method);
  call.message = message.SerializeAsString();
  return std::nullopt;
}

std::optional<OAuthRefusal> SetCall(const HttpRequest& request, const OAuthForm& form,
                                    OAuth::Call& call) {
  if (const auto refusal = FindOAuthCaller(request, form, call.caller)) return refusal;
  switch (call.endpoint) {
    case OAuth::Endpoint::kToken:
      return SetRefresh(request, form, call);
    case OAuth::Endpoint::kIntrospect:
      if (call.caller.empty()) return OAuthRefusal{401, "invalid_client"};
      return SetToken<v1::IntrospectTokenRequest>("IntrospectToken", form, call);
    case OAuth::Endpoint::kRevoke:
      return SetToken<v1::RevokeTokenRequest>("RevokeToken", form, call);
  }
  return OAuthRefusal{500, "server_error"};
}

}  // namespace

OAuth::OAuth(absl::string_view issuer) {
  if (issuer.empty()) return;
  for (const absl::string_view end : {absl::string_view(), IssuerPath(issuer)}) {
    metadata_[absl::StrCat("/.well-known/oauth-authorization-server", end)] =
        ServerMetadata(issuer);
    metadata_[absl::StrCat("/.well-known/openid-configuration", end)] = OpenIdMetadata(issuer);
  }
}

std::vector<std::string> OAuth::MethodsOf(absl::string_view path) const {
  if (EndpointOf(path)) return {"POST"};
  if (metadata_.contains(std::string(path))) return {"GET", "HEAD"};
  return {};
}

std::variant<OAuth::Call, HttpResponse> OAuth::Begin(const HttpRequest& request) const {
  const std::vector<std::string> methods = MethodsOf(request.path);
  if (std::find(methods.begin(), methods.end(), request.method) == methods.end()) {
    return RefuseMethod(request.method, methods);
  }
  const auto metadata = metadata_.find(request.path);
  if (metadata != metadata_.end()) return ToResponse(request, metadata->second, kMetadataSeconds);
  if (IsEncoded(request)) return RefuseEncodedForm();
  if (const auto refusal = CheckForm(request)) return OAuthAnswer(*refusal);
  const absl::StatusOr<OAuthForm> form = ParseForm(request.body);
  if (!form.ok()) return OAuthAnswer(InvalidRequest(std::string(form.status().message()).c_str()));
  Call call;
  call.endpoint = EndpointOf(request.path).value_or(Endpoint::kToken);
  if (const auto refusal = SetCall(request, *form, call)) return OAuthAnswer(*refusal);
  return call;
}

HttpResponse OAuth::AnswerTo(Endpoint endpoint, const RpcReply& reply) {
  if (reply.code != 0) return OAuthErrorAnswer(reply);
  switch (endpoint) {
    case Endpoint::kToken:
      return RefreshedAnswer(reply);
    case Endpoint::kIntrospect:
      return IntrospectedAnswer(reply);
    case Endpoint::kRevoke:
      return RevokedAnswer();
  }
  return OAuthAnswer({500, "server_error"});
}

}  // namespace otpgate::gateway
