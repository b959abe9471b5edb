#include "clients/gateway/response_headers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/http/grammar.h"
#include "clients/gateway/transcode/compat_error.h"
#include "clients/gateway/transcode/media_type.h"

namespace otpgate::gateway {
namespace {

std::string EtagOf(absl::string_view body) {
  return absl::StrCat("\"", crypto::Base64UrlEncode(crypto::Sha256(body).substr(0, 16)), "\"");
}

enum class Comparison { kStrong, kWeak };  // RFC 9110, 8.8.3.2

// Whether the value of If-Match or If-None-Match names a tag: "*", or a list of tags, which may hold
// commas. Nothing counts behind what breaks the grammar.
bool Names(absl::string_view list, absl::string_view etag, Comparison comparison) {
  if (list == "*") return true;
  while (true) {
    while (!list.empty() && IsOneOf(list.front(), ", \t")) list.remove_prefix(1);
    const bool weak = absl::ConsumePrefix(&list, "W/");
    const size_t end = absl::StartsWith(list, "\"") ? list.find('"', 1) : list.npos;
    if (end == list.npos) return false;
    if (list.substr(0, end + 1) == etag && (!weak || comparison == Comparison::kWeak)) return true;
    list = TrimWhiteSpace(list.substr(end + 1));
    if (!absl::StartsWith(list, ",")) return false;
  }
}

// What the conditions of a request (RFC 9110, 13.2.2) make of its answer: 200, 304 or 412.
int StatusByConditions(const HttpRequest& request, absl::string_view etag) {
  const std::optional<std::string> wanted = request.FindList("if-match");
  if (wanted && !Names(*wanted, etag, Comparison::kStrong)) return 412;
  const std::optional<std::string> known = request.FindList("if-none-match");
  return known && Names(*known, etag, Comparison::kWeak) ? 304 : 200;
}

HttpResponse PreconditionFailed(const HttpRequest& request) {
  Rejection rejection;
  rejection.http_status = 412;
  rejection.message = "the content is not the one that If-Match names";
  return ToResponse(ErrorOf(rejection, StyleFor(request)));
}

bool Has(const HttpResponse& response, absl::string_view name) {
  return std::any_of(
      response.headers.begin(), response.headers.end(),
      [name](const HttpHeader& header) { return absl::EqualsIgnoreCase(header.name, name); });
}

}  // namespace

ErrorStyle StyleFor(const HttpRequest& request, const google::protobuf::MethodDescriptor* method) {
  const std::optional<std::string> accept = request.FindList("accept");
  return {.problem_json = accept && PrefersProblemJson(*accept),
          .token_sent = request.Find("authorization") != nullptr && !CallerOf(request),
          .compat_form = CompatFormOf(method)};
}

HttpResponse ToResponse(HttpError error) {
  HttpResponse response{.status = error.status, .headers = {}, .body = std::move(error.body)};
  response.headers.push_back({"Content-Type", std::move(error.content_type)});
  for (auto& [name, value] : error.headers) {
    response.headers.push_back({std::move(name), std::move(value)});
  }
  return response;
}

HttpResponse ToResponse(const HttpRequest& request, std::string json, uint32_t max_age) {
  HttpResponse response{.status = 200, .headers = {}, .body = std::move(json)};
  if (max_age > 0) {
    const std::string etag = EtagOf(response.body);
    response.status = StatusByConditions(request, etag);
    if (response.status == 412) return PreconditionFailed(request);
    response.headers.push_back({"Cache-Control", absl::StrCat("public, max-age=", max_age)});
    response.headers.push_back({"ETag", etag});
    if (response.status == 304) {
      response.body.clear();
      return response;
    }
  }
  response.headers.push_back({"Content-Type", "application/json"});
  return response;
}

void AddCommonHeaders(HttpResponse& response, absl::string_view request_id, bool secure) {
  const auto add = [&response](const char* name, absl::string_view value) {
    response.headers.push_back({name, std::string(value)});
  };
  if (!Has(response, "Cache-Control")) add("Cache-Control", "no-store");
  add("X-Request-Id", request_id);
  add("X-Content-Type-Options", "nosniff");
  add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add("Referrer-Policy", "no-referrer");
  if (secure) add("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

}  // namespace otpgate::gateway
