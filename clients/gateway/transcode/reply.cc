#include "clients/gateway/transcode/reply.h"

#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "otpgate/v1/options.pb.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

absl::StatusOr<std::string> Render(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) {
    return absl::InternalError("the reply has no JSON");
  }
  return text;
}

// A list, map or scalar. Protobuf writes messages only, so it is cut out of the whole.
absl::StatusOr<std::string> RenderMember(const Message& message, const FieldDescriptor& field) {
  OTPGATE_ASSIGN_OR_RETURN(std::string text, Render(message));
  const auto whole = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto member = whole.find(field.json_name());
  return member == whole.end() ? "null" : member->dump();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> ParseReply(
    const google::protobuf::MethodDescriptor& method, absl::string_view bytes) {
  const Message* prototype =
      MessageFactory::generated_factory()->GetPrototype(method.output_type());
  std::unique_ptr<Message> reply(prototype->New());
  if (!reply->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InternalError("the reply is not of its type");
  }
  return reply;
}

absl::StatusOr<std::string> RenderReply(const Message& reply, const Binding& binding) {
  if (binding.response == nullptr) return Render(reply);
  const FieldDescriptor& field = *binding.response;
  if (field.is_repeated() || field.message_type() == nullptr) return RenderMember(reply, field);
  return Render(reply.GetReflection()->GetMessage(reply, &field));
}

std::string RateLimitOf(const Message& reply) {
  const google::protobuf::Descriptor& type = *reply.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string& quota = field.options().GetExtension(v1::resets_quota);
    if (quota.empty() || field.type() != FieldDescriptor::TYPE_UINT32) continue;
    const uint32_t seconds = reply.GetReflection()->GetUInt32(reply, &field);
    if (seconds > 0) return absl::StrCat("\"", quota, "\";r=0;t=", seconds);
  }
  return "";
}

}  // namespace otpgate::gateway
