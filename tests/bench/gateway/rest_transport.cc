#include "tests/bench/gateway/rest_transport.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"
#include "google/api/annotations.pb.h"
#include "otpgate/v1/auth_service.pb.h"

namespace otpgate::bench {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

const MethodDescriptor& MethodOf(const std::string& name) {
  const google::protobuf::FileDescriptor* const file =
      v1::RequestOtpRequest::descriptor()->file();  // which has all methods
  const MethodDescriptor* const method =
      file->pool()->FindMethodByName(absl::StrReplaceAll(name, {{"/", "."}}));
  OTPGATE_CHECK(method != nullptr);
  return *method;
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  const Message* const prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  return std::unique_ptr<Message>(prototype->New());
}

// A serialized reply from its ProtoJSON.
absl::StatusOr<std::string> FromJson(const MethodDescriptor& method, const std::string& json) {
  const std::unique_ptr<Message> message = NewMessage(method.output_type());
  const auto status = google::protobuf::util::JsonStringToMessage(json, message.get());
  if (status.ok()) return message->SerializeAsString();
  return absl::InternalError(
      absl::StrCat(method.name(), ": the reply is not its JSON: ", std::string(status.message())));
}

}  // namespace

LoadCall OverRest(const LoadCall& call) {
  const MethodDescriptor& method = MethodOf(call.method);
  const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
  const std::string path = rule.get().empty() ? rule.post() : rule.get();
  OTPGATE_CHECK(path.size() > 1);
  LoadCall http = call;
  http.method = path.substr(1);
  http.message.clear();
  if (!rule.get().empty()) return http;
  const std::unique_ptr<Message> message = NewMessage(method.input_type());
  OTPGATE_CHECK(message->ParseFromString(call.message));
  OTPGATE_CHECK(google::protobuf::util::MessageToJsonString(*message, &http.message).ok());
  return http;
}

void RestTransport::Send(size_t slot, const LoadCall& call) {
  if (methods_.size() <= slot) methods_.resize(slot + 1);
  methods_[slot] = call.method;
  http_.Send(slot, OverRest(call));
}

std::optional<Transport::Answer> RestTransport::Next(absl::Duration timeout) {
  std::optional<Answer> answer = http_.Next(timeout);
  if (!answer || !answer->status.ok()) return answer;
  absl::StatusOr<std::string> reply = FromJson(MethodOf(methods_[answer->slot]), answer->reply);
  answer->status = reply.status();
  answer->reply = reply.ok() ? *std::move(reply) : "";
  return answer;
}

}  // namespace otpgate::bench
