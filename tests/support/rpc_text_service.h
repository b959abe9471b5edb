#ifndef OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_
#define OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/support/error_details.h>

#include <atomic>
#include <coroutine>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/rpc/unary_method.h"
#include "server/runtime/task.h"
#include "tests/support/rpc_server.h"

// A service whose requests and replies are texts, for tests of the transport.
namespace otpgate::support {

using ::google::protobuf::StringValue;

inline constexpr char kEcho[] = "test.v1.TestService/Echo";

// Takes the answer to a call.
using TextDone = std::function<void(errors::Outcome<StringValue>)>;

// Answers by a callback, which it may call at any time, on any thread, and any number of times.
using TextHandler =
    std::function<void(const rpc::CallInfo& info, const StringValue& request, TextDone done)>;

inline StringValue Text(std::string text) {
  StringValue value;
  value.set_value(std::move(text));
  return value;
}

inline void Echo(const rpc::CallInfo&, const StringValue& request, TextDone done) { done(request); }

// Awaits the answer of a TextHandler. A handler that drops its `done` destroys the task.
class AnswerOf {
 public:
  AnswerOf(const TextHandler* handler, rpc::CallInfo info, StringValue request)
      : handler_(handler), info_(std::move(info)), request_(std::move(request)) {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> suspended) {
    auto waiting = std::make_shared<runtime::Continuation>(suspended);
    const TextHandler handler = *handler_;
    const rpc::CallInfo info = std::move(info_);
    const StringValue request = std::move(request_);
    TextDone done = [this, waiting = std::move(waiting)](errors::Outcome<StringValue> answer) {
      waiting->Resume(std::move(answer), answer_);
    };
    handler(info, request, std::move(done));  // may destroy *this
  }
  errors::Outcome<StringValue> await_resume() { return std::move(answer_); }

 private:
  const TextHandler* const handler_;
  rpc::CallInfo info_;
  StringValue request_;
  errors::Outcome<StringValue> answer_;
};

inline runtime::Task<errors::Outcome<StringValue>> AwaitAnswer(TextHandler handler,
                                                               rpc::CallInfo info,
                                                               StringValue request) {
  AnswerOf answer(&handler, std::move(info), std::move(request));
  co_return co_await answer;
}

inline rpc::UnaryMethod TextMethod(TextHandler handler, const char* name = kEcho) {
  return rpc::Unary<StringValue, StringValue>(
      name, rpc::Access::kCallers,
      [handler = std::move(handler)](rpc::CallInfo info, StringValue request) {
        return AwaitAnswer(handler, std::move(info), std::move(request));
      });
}

inline std::vector<rpc::UnaryMethod> Serving(TextHandler handler) {
  return {TextMethod(std::move(handler))};
}

// The outcome of a call.
struct TextAnswer {
  grpc::Status status;
  std::string text;
  google::rpc::ErrorInfo info;  // of an error
  std::multimap<std::string, std::string> trailers;
};

// Calls a text method over a new connection.
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

// A handler for one call, which waits until the test answers it.
class HeldCall {
 public:
  TextHandler handler() {
    return [this](const rpc::CallInfo& info, const StringValue&, TextDone done) {
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
  TextDone done_;
  absl::Notification held_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_RPC_TEXT_SERVICE_H_
