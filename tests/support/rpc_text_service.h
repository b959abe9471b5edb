#ifndef OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_
#define OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/support/error_details.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/rpc/unary_method.h"
#include "tests/support/rpc_server.h"

// A service of texts, to test the transport with.
namespace otpgate::testing {

using ::google::protobuf::StringValue;

inline constexpr char kEcho[] = "test.v1.TestService/Echo";

using TextHandler = UnaryHandler<StringValue, StringValue>;

inline StringValue Text(std::string text) {
  StringValue value;
  value.set_value(std::move(text));
  return value;
}

inline void Echo(const CallInfo&, const StringValue& request, Done<StringValue> done) {
  done(request);
}

inline UnaryMethod TextMethod(TextHandler handler, const char* name = kEcho) {
  return Unary<StringValue, StringValue>(name, Access::kCallers, std::move(handler));
}

inline std::vector<UnaryMethod> Serving(TextHandler handler) {
  return {TextMethod(std::move(handler))};
}

// How one call ended.
struct TextAnswer {
  grpc::Status status;
  std::string text;
  google::rpc::ErrorInfo info;  // of an error
  std::multimap<std::string, std::string> trailers;
};

// Calls a text method over a connection of its own.
inline TextAnswer CallText(const RpcServer& server, grpc::ClientContext& context,
                           std::string text = "hello", const char* method = kEcho) {
  TextAnswer answer;
  StringValue response;
  answer.status =
      CallMethod(server.NewChannel(), method, context, Text(std::move(text)), &response);
  answer.text = response.value();
  google::rpc::Status details;
  if (grpc::ExtractErrorDetails(answer.status, &details).ok() && details.details_size() > 0) {
    details.details(0).UnpackTo(&answer.info);
  }
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    answer.trailers.emplace(std::string(key.data(), key.size()),
                            std::string(value.data(), value.size()));
  }
  return answer;
}

inline TextAnswer CallText(const RpcServer& server, std::string text = "hello",
                           const char* method = kEcho) {
  grpc::ClientContext context;
  return CallText(server, context, std::move(text), method);
}

// A handler that keeps its one call until the test answers it.
class HeldCall {
 public:
  TextHandler handler() {
    return [this](const CallInfo& info, const StringValue&, Done<StringValue> done) {
      deadline_ = info.deadline;
      cancelled_ = info.cancelled;
      done_ = std::move(done);
      held_.Notify();
    };
  }
  void WaitForCall() { held_.WaitForNotification(); }
  absl::Duration deadline() const { return deadline_; }
  bool cancelled() const { return *cancelled_; }
  void Answer() { done_(Text("answered")); }

 private:
  absl::Duration deadline_;
  std::shared_ptr<const std::atomic<bool>> cancelled_;
  Done<StringValue> done_;
  absl::Notification held_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_
