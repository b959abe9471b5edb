#include "clients/gateway/transcode/transcoder.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/json_text.h"
#include "base/status_macros.h"
#include "clients/gateway/transcode/compat_error.h"
#include "clients/gateway/transcode/media_type.h"
#include "clients/gateway/transcode/query.h"
#include "clients/gateway/transcode/strict_json.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// Those of RFC 9110, 9.3, and RFC 5789.
constexpr std::array<absl::string_view, 9> kMethods = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

Rejection BadRequest(std::vector<Violation> violations) {
  return {400, "the request breaks its documented form", std::move(violations)};
}

std::optional<Rejection> CheckBodyHeaders(const RestRequest& request, const Binding& binding) {
  if (request.body.size() > kMaxBodyBytes) {
    return Rejection{413, absl::StrCat("the body has more than ", kMaxBodyBytes, " bytes"), {}};
  }
  if (request.body.empty()) return std::nullopt;
  if (!binding.takes_body()) return BadRequest({{"body", "must be empty for this method"}});
  if (!request.content_type || !IsJsonContentType(*request.content_type)) {
    return Rejection{415, "the body must be application/json in UTF-8", {}};
  }
  return std::nullopt;
}

// The JSON of a whole message that has just one field.
std::string Wrap(const FieldDescriptor& field, absl::string_view value) {
  std::string text = "{";
  AppendJsonText(text, field.json_name());
  absl::StrAppend(&text, ":", value, "}");
  return text;
}

std::vector<Violation> ReadBody(absl::string_view body, const Binding& binding, Message& message) {
  if (body.empty()) return {};
  const bool lenient = CompatFormOf(binding.method) != v1::COMPAT_FORM_UNSPECIFIED;
  std::vector<Violation> violations =
      binding.whole_body ? CheckJson(body, *message.GetDescriptor(), binding.bound,
                                     lenient ? UnknownMembers::kIgnored : UnknownMembers::kRefused)
                         : CheckJsonValue(body, *binding.body);
  if (!violations.empty()) return violations;
  const std::string text = binding.whole_body ? std::string(body) : Wrap(*binding.body, body);
  // The parser's own words quote values.
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = lenient;
  if (google::protobuf::util::JsonStringToMessage(text, &message, options).ok()) return {};
  return {{"body", "must be JSON of the documented form"}};
}

std::vector<Violation> ReadPath(const Match& match, Message& message) {
  std::vector<Violation> violations;
  for (size_t i = 0; i < match.values.size(); ++i) {
    const FieldPath& field = match.binding->variables[i];
    const absl::Status set = SetFromText(field, match.values[i], message);
    if (!set.ok()) violations.push_back({field.name, std::string(set.message())});
  }
  return violations;
}

void Append(std::vector<Violation> more, std::vector<Violation>& violations) {
  for (Violation& violation : more) {
    if (violations.size() < kMaxViolations) violations.push_back(std::move(violation));
  }
}

std::variant<RpcRequest, Rejection> Read(const RestRequest& request, const Match& match) {
  const Binding& binding = *match.binding;
  if (std::optional<Rejection> rejection = CheckBodyHeaders(request, binding)) {
    return *std::move(rejection);
  }
  const Message* prototype =
      MessageFactory::generated_factory()->GetPrototype(binding.method->input_type());
  std::unique_ptr<Message> message(prototype->New());
  // The body first: parsing it clears the message.
  std::vector<Violation> violations = ReadBody(request.body, binding, *message);
  Append(ReadPath(match, *message), violations);
  Append(ApplyQuery(request.query, binding, *message), violations);
  if (!violations.empty()) return BadRequest(std::move(violations));
  return RpcRequest{binding.method, binding.grpc_path, std::move(message), &binding};
}

Rejection RejectionOf(const RestRequest& request, const LookupResult& result) {
  if (const auto* other = std::get_if<MethodNotAllowed>(&result)) {
    return RejectMethod(request.method, other->allow);
  }
  if (const auto* malformed = std::get_if<MalformedPath>(&result)) {
    return BadRequest({{"path", malformed->description}});
  }
  return {404, "no method has this path", {}};
}

}  // namespace

Rejection RejectMethod(absl::string_view http_method, std::vector<std::string> allow) {
  if (std::find(kMethods.begin(), kMethods.end(), http_method) == kMethods.end()) {
    return {501, "there is no such HTTP method", {}};
  }
  return {405, "the path takes another HTTP method", {}, std::move(allow)};
}

absl::StatusOr<Transcoder> Transcoder::Create(
    absl::Span<const google::protobuf::ServiceDescriptor* const> services) {
  OTPGATE_ASSIGN_OR_RETURN(RouteTable routes, RouteTable::Create(services));
  return Transcoder(std::move(routes));
}

std::variant<RpcRequest, Rejection> Transcoder::Transcode(const RestRequest& request) const {
  const LookupResult result = routes_.Lookup(request.method, request.path);
  const auto* match = std::get_if<Match>(&result);
  if (match == nullptr) return RejectionOf(request, result);
  std::variant<RpcRequest, Rejection> read = Read(request, *match);
  if (auto* rejection = std::get_if<Rejection>(&read)) rejection->method = match->binding->method;
  return read;
}

bool SetRequestId(Message& request, absl::string_view uuid) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING) {
    return true;
  }
  const std::string present = request.GetReflection()->GetString(request, field);
  if (!present.empty()) return absl::EqualsIgnoreCase(present, uuid);
  request.GetReflection()->SetString(&request, field, std::string(uuid));
  return true;
}

}  // namespace otpgate::gateway
