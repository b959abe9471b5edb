#include "clients/gateway/compat_cookie.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/gateway/cookies.h"
#include "clients/gateway/marked_field.h"
#include "clients/gateway/trusted_page.h"
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

// Without Sec-Fetch-Site and Origin the page is in Referer, or there is none.
bool MayUseCookie(const HttpRequest& request, const Cors& cors) {
  if (IsTrustedPage(request, cors)) return true;
  if (request.Find("origin") != nullptr) return false;
  const std::string* site = request.Find("sec-fetch-site");
  if (site != nullptr) return *site == "none";  // typed by the user
  const std::string* referer = request.Find("referer");
  return referer == nullptr || IsTrustedOrigin(OriginOf(*referer), request, cors);
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
  if (!MayUseCookie(request, cors)) {
    rejection.http_status = 403;
    rejection.message = "pages of this origin may not use the session";
    return rejection;
  }
  request.headers.push_back({"authorization", absl::StrCat("Bearer ", cookies.front())});
  return std::nullopt;
}

std::optional<HttpHeader> CompatCookieOf(const google::protobuf::Message& reply) {
  const FieldDescriptor* field = FindMarked(*reply.GetDescriptor(), v1::compat_cookie);
  if (field == nullptr) return std::nullopt;
  const std::string token = reply.GetReflection()->GetString(reply, field);
  if (token.empty()) return std::nullopt;
  return HttpHeader{"Set-Cookie", absl::StrCat(kCookie, "=", token, kAttributes)};
}

}  // namespace otpgate::gateway
