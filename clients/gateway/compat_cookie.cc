#include "clients/gateway/compat_cookie.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/gateway/cookies.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kCookie[] = "__Host-otpgate-token";
// The older design kept its sessions for 30 days. A cookie that outlives its session does no harm.
constexpr char kAttributes[] = "; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=2592000";

// "https://app.example.com" of "https://app.example.com/page".
std::string OriginOf(absl::string_view url) {
  const size_t host = url.find("://");
  const size_t end = host == url.npos ? url.npos : url.find('/', host + 3);
  return std::string(url.substr(0, end));
}

// A proxy in front may have taken TLS off, so the scheme is not compared.
bool IsOwn(absl::string_view origin, const HttpRequest& request) {
  const std::string* host = request.Find("host");
  if (!absl::ConsumePrefix(&origin, "https://") && !absl::ConsumePrefix(&origin, "http://")) {
    return false;
  }
  return host != nullptr && absl::EqualsIgnoreCase(origin, *host);
}

// OWASP CSRF Prevention Cheat Sheet, "Identifying Source Origin".
bool IsTrusted(const HttpRequest& request, const Cors& cors) {
  const std::string* origin = request.Find("origin");
  if (origin != nullptr) return cors.Allows(*origin) || IsOwn(*origin, request);
  const std::string* site = request.Find("sec-fetch-site");
  if (site != nullptr) return *site == "same-origin" || *site == "none";
  const std::string* referer = request.Find("referer");
  if (referer == nullptr) return true;
  const std::string page = OriginOf(*referer);
  return cors.Allows(page) || IsOwn(page, request);
}

const FieldDescriptor* CookieField(const google::protobuf::Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->options().GetExtension(v1::compat_cookie)) return type.field(i);
  }
  return nullptr;
}

}  // namespace

std::optional<Rejection> TakeCompatCookie(const RouteTable& routes, const Cors& cors,
                                          HttpRequest& request) {
  if (request.Find("authorization") != nullptr) return std::nullopt;
  const std::vector<std::string> cookies = CookieValues(request, kCookie);
  if (cookies.empty()) return std::nullopt;
  const LookupResult route = routes.Lookup(request.method, request.path);
  const auto* match = std::get_if<Match>(&route);
  if (match == nullptr) return std::nullopt;
  const MethodDescriptor* method = match->binding->method;
  if (!method->options().GetExtension(v1::takes_compat_cookie)) return std::nullopt;

  Rejection rejection;
  rejection.method = method;
  if (cookies.size() > 1) {
    rejection.message = "the request breaks its documented form";
    rejection.violations.push_back({"Cookie", "must not have the token twice"});
    return rejection;
  }
  if (!IsTrusted(request, cors)) {
    rejection.http_status = 403;
    rejection.message = "pages of this origin may not use the session";
    return rejection;
  }
  request.headers.push_back({"authorization", absl::StrCat("Bearer ", cookies.front())});
  return std::nullopt;
}

std::optional<HttpHeader> CompatCookieOf(const google::protobuf::Message& reply) {
  const FieldDescriptor* field = CookieField(*reply.GetDescriptor());
  if (field == nullptr) return std::nullopt;
  const std::string token = reply.GetReflection()->GetString(reply, field);
  if (token.empty()) return std::nullopt;
  return HttpHeader{"Set-Cookie", absl::StrCat(kCookie, "=", token, kAttributes)};
}

}  // namespace otpgate::gateway
