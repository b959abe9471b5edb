#include "clients/gateway/response_headers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/crypto/base64url.h"
#include "base/crypto/hmac.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/transcode/compat_error.h"
#include "clients/gateway/transcode/media_type.h"

namespace otpgate::gateway {
namespace {

std::string EtagOf(absl::string_view body) {
  return absl::StrCat("\"", crypto::Base64UrlEncode(crypto::Sha256(body).substr(0, 16)), "\"");
}

// The weak comparison of RFC 9110, 13.1.2.
bool Knows(const HttpRequest& request, absl::string_view etag) {
  const std::string* known = request.Find("if-none-match");
  if (known == nullptr) return false;
  const std::vector<absl::string_view> tags = absl::StrSplit(*known, ',');
  return std::any_of(tags.begin(), tags.end(), [etag](absl::string_view tag) {
    tag = absl::StripAsciiWhitespace(tag);
    absl::ConsumePrefix(&tag, "W/");
    return tag == "*" || tag == etag;
  });
}

bool Has(const HttpResponse& response, absl::string_view name) {
  return std::any_of(
      response.headers.begin(), response.headers.end(),
      [name](const HttpHeader& header) { return absl::EqualsIgnoreCase(header.name, name); });
}

}  // namespace

ErrorStyle StyleFor(const HttpRequest& request, const google::protobuf::MethodDescriptor* method) {
  const std::string* accept = request.Find("accept");
  return {.problem_json = accept != nullptr && PrefersProblemJson(*accept),
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
    response.headers.push_back({"Cache-Control", absl::StrCat("public, max-age=", max_age)});
    response.headers.push_back({"ETag", etag});
    if (Knows(request, etag)) {
      response.status = 304;
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
