#include "clients/gateway/session_cookies.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/gateway/call_headers.h"
#include "clients/gateway/cookies.h"
#include "clients/gateway/marked_field.h"
#include "clients/gateway/trusted_page.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The field that holds the token; null: the message has none.
const FieldDescriptor* TokenField(const Descriptor& type) {
  const FieldDescriptor* field = FindMarked(type, v1::session_cookie);
  const bool text = field != nullptr && field->type() == FieldDescriptor::TYPE_STRING;
  return text && !field->is_repeated() ? field : nullptr;
}

// "; Max-Age=86400"; empty, so that the cookie ends with the browser: the reply does not say.
std::string MaxAgeOf(const Message& reply) {
  const FieldDescriptor* field = FindMarked(*reply.GetDescriptor(), v1::session_cookie_max_age);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_UINT32) return "";
  const uint32_t seconds = reply.GetReflection()->GetUInt32(reply, field);
  return seconds == 0 ? "" : absl::StrCat("; Max-Age=", seconds);
}

// "/v1/tokens:refresh"; empty: the path has variables, or characters that end an attribute.
std::string FixedPath(const PathTemplate& path) {
  std::string text;
  for (const TemplateSegment& segment : path.segments) {
    if (segment.kind != TemplateSegment::Kind::kLiteral) return "";
    absl::StrAppend(&text, "/", segment.literal);
  }
  if (!path.verb.empty()) absl::StrAppend(&text, ":", path.verb);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("/:.-_~", c);
  });
  return plain ? text : "";
}

// cookie-octet of RFC 6265, 4.1.1.
bool IsCookieValue(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~' && !absl::StrContains("\",;\\", c); });
}

Rejection BadRequest(const char* field, const char* description) {
  return {400, "the request breaks its documented form", {{field, description}}};
}

}  // namespace

SessionCookies::SessionCookies(absl::Span<const Binding> bindings, absl::string_view path_prefix) {
  for (const Binding& binding : bindings) {
    if (TokenField(*binding.method->input_type()) == nullptr) continue;
    const std::string path = FixedPath(binding.path);
    if (!path.empty()) paths_.push_back(absl::StrCat(path_prefix, path));
  }
}

bool SessionCookies::AreFor(const HttpRequest& request, const RpcRequest& rpc) {
  return request.Find(kSessionHeader) != nullptr &&
         (TokenField(*rpc.method->input_type()) != nullptr ||
          TokenField(*rpc.method->output_type()) != nullptr);
}

std::optional<Rejection> SessionCookies::Begin(const HttpRequest& request, const Cors& cors,
                                               RpcRequest& rpc) {
  if (*request.Find(kSessionHeader) != "cookie") {
    return BadRequest("X-Otpgate-Session", "must be \"cookie\"");
  }
  if (!IsTrustedPage(request, cors)) {
    return Rejection{403, "pages of this origin may not have a session here", {}};
  }
  const FieldDescriptor* field = TokenField(*rpc.method->input_type());
  if (field == nullptr) return std::nullopt;
  Message& message = *rpc.message;
  if (!message.GetReflection()->GetString(message, field).empty()) {
    return BadRequest(field->name().c_str(), "must be empty, because a cookie holds it");
  }
  const std::vector<std::string> values = CookieValues(request, kSessionCookie);
  if (values.size() > 1) return BadRequest("Cookie", "has the session twice");
  if (values.empty() || values[0].empty()) return Rejection{401, "nobody is signed in", {}};
  // A string of proto3 must be UTF-8.
  if (!IsCookieValue(values[0])) return BadRequest("Cookie", "has a session of no valid form");
  message.GetReflection()->SetString(&message, field, values[0]);
  return std::nullopt;
}

absl::StatusOr<std::vector<HttpHeader>> SessionCookies::TakeFrom(const RpcRequest& rpc,
                                                                 Message& reply) const {
  const FieldDescriptor* field = TokenField(*reply.GetDescriptor());
  if (field == nullptr) {
    return TokenField(*rpc.method->input_type()) == nullptr ? std::vector<HttpHeader>() : Removed();
  }
  const std::string token = reply.GetReflection()->GetString(reply, field);
  reply.GetReflection()->ClearField(&reply, field);
  if (token.empty()) return std::vector<HttpHeader>();
  if (!IsCookieValue(token)) return absl::InternalError("the token cannot be in a cookie");
  return Set(token, MaxAgeOf(reply));
}

std::vector<HttpHeader> SessionCookies::AfterRefusal(const RpcRequest& rpc,
                                                     absl::string_view reason) const {
  const bool ended = reason == "TOKEN_INVALID" && TokenField(*rpc.method->input_type()) != nullptr;
  return ended ? Removed() : std::vector<HttpHeader>();
}

std::vector<HttpHeader> SessionCookies::Set(absl::string_view value,
                                            absl::string_view max_age) const {
  std::vector<HttpHeader> headers;
  for (const std::string& path : paths_) {
    headers.push_back({"Set-Cookie", absl::StrCat(kSessionCookie, "=", value, "; Path=", path,
                                                  max_age, "; Secure; HttpOnly; SameSite=Strict")});
  }
  return headers;
}

}  // namespace otpgate::gateway
