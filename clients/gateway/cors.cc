#include "clients/gateway/cors.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/gateway/call_headers.h"

namespace otpgate::gateway {
namespace {

constexpr char kRequestHeaders[] =
    "Authorization, Content-Type, Accept-Language, Idempotency-Key, X-Otpgate-Session, "
    "X-Request-Id, Traceparent, Tracestate";
constexpr char kResponseHeaders[] =
    "Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, WWW-Authenticate";

// Scheme, host and port alone, in the lower case in which browsers send them.
bool IsOrigin(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "https://") && !absl::ConsumePrefix(&text, "http://")) {
    return false;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || absl::StrContains(".-:[]", c);
  });
}

// Whether the request that a preflight is for has the header `name`.
bool WillSend(const HttpRequest& preflight, absl::string_view name) {
  const std::string* names = preflight.Find("access-control-request-headers");
  if (names == nullptr) return false;
  const std::vector<absl::string_view> all = absl::StrSplit(*names, ',');
  return std::any_of(all.begin(), all.end(), [name](absl::string_view one) {
    return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(one), name);
  });
}

void AllowCookies(HttpResponse& response) {
  response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
}

}  // namespace

absl::StatusOr<Cors> Cors::Create(std::vector<std::string> origins) {
  for (const std::string& origin : origins) {
    if (!IsOrigin(origin)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", origin, "\" is not an origin; an example is \"https://app.example.com\""));
    }
  }
  Cors out;
  std::sort(origins.begin(), origins.end());
  out.origins_ = std::move(origins);
  return out;
}

bool Cors::IsPreflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && request.Find("origin") != nullptr &&
         request.Find("access-control-request-method") != nullptr;
}

HttpResponse Cors::Preflight(const HttpRequest& request,
                             const std::vector<std::string>& methods) const {
  HttpResponse response{.status = 204, .headers = {}, .body = ""};
  response.headers.push_back({"Vary", "Origin"});
  if (!Allows(request)) return response;
  response.headers.push_back({"Access-Control-Allow-Origin", *request.Find("origin")});
  response.headers.push_back({"Access-Control-Allow-Methods", absl::StrJoin(methods, ", ")});
  response.headers.push_back({"Access-Control-Allow-Headers", kRequestHeaders});
  response.headers.push_back({"Access-Control-Max-Age", "600"});
  if (WillSend(request, kSessionHeader)) AllowCookies(response);
  return response;
}

void Cors::AddTo(HttpResponse& response, const HttpRequest& request) const {
  if (origins_.empty()) return;
  response.headers.push_back({"Vary", "Origin"});
  if (!Allows(request)) return;
  response.headers.push_back({"Access-Control-Allow-Origin", *request.Find("origin")});
  response.headers.push_back({"Access-Control-Expose-Headers", kResponseHeaders});
  if (request.Find(kSessionHeader) != nullptr) AllowCookies(response);
}

bool Cors::Allows(const HttpRequest& request) const {
  const std::string* origin = request.Find("origin");
  return origin != nullptr && std::binary_search(origins_.begin(), origins_.end(), *origin);
}

}  // namespace otpgate::gateway
