#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/runtime/executor.h"
#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"
#include "tests/support/trials.h"

// Many calls at once through a real server.
namespace otpgate::rpc {
namespace {

using ::otpgate::support::StringValue;
using support::kEcho;
using support::RpcServer;
using support::Text;
using support::TextHandler;
using support::TextMethod;
using support::Trials;

// Keeps many calls in flight over several connections and counts how they end.
class Crowd {
 public:
  Crowd(const support::RpcServer& server, int connections) {
    for (int i = 0; i < connections; ++i) stubs_.emplace_back(server.NewChannel());
  }

  // `total` calls, `in_flight` at a time; `each` runs after every answer.
  void Run(int total, int in_flight, const std::function<void(int answered)>& each) {
    int started = 0;
    while (started < std::min(in_flight, total)) Begin(started++);
    for (int answered = 1; answered <= total; ++answered) {
      void* tag = nullptr;
      bool ok = false;
      ASSERT_TRUE(queue_.Next(&tag, &ok));
      End(static_cast<One*>(tag));
      each(answered);
      if (started < total) Begin(started++);
    }
  }

  int succeeded() const { return succeeded_; }
  int refused() const { return refused_; }
  int wrong() const { return wrong_; }

 private:
  using Stub = grpc::TemplatedGenericStub<StringValue, StringValue>;
  struct One {
    int number;
    grpc::ClientContext context;
    StringValue response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<StringValue>> reader;
  };

  void Begin(int number) {
    auto* one = new One{number, {}, {}, {}, {}};
    one->reader = stubs_[number % stubs_.size()].PrepareUnaryCall(
        &one->context, absl::StrCat("/", support::kEcho), Text(absl::StrCat(number)), &queue_);
    one->reader->StartCall();
    one->reader->Finish(&one->response, &one->status, one);
  }

  void End(One* raw) {
    const std::unique_ptr<One> one(raw);
    if (!one->status.ok()) {
      ++refused_;
    } else if (one->response.value() == absl::StrCat(one->number)) {
      ++succeeded_;
    } else {
      ++wrong_;
    }
  }

  grpc::CompletionQueue queue_;
  std::vector<Stub> stubs_;
  int succeeded_ = 0, refused_ = 0, wrong_ = 0;
};

// Answers each call on a thread of its own pool, as the engine does.
support::TextHandler EchoOn(runtime::Executor& executor, std::atomic<int>& served) {
  return [&](const CallInfo&, const StringValue& request, support::TextDone done) {
    ++served;
    executor.Post([request, done = std::move(done)] { done(request); });
  };
}

TEST(ManyCallsTest, EachIsAnsweredOnceAndWithItsOwnAnswer) {
  const int total = static_cast<int>(support::Trials(5'000));
  runtime::Executor executor(3);
  std::atomic<int> served{0};
  support::RpcServer server({support::TextMethod(EchoOn(executor, served))});
  Crowd crowd(server, 3);
  crowd.Run(total, 300, [](int) {});
  EXPECT_EQ(crowd.succeeded(), total);
  EXPECT_EQ(crowd.wrong(), 0);
  EXPECT_EQ(served, total);
  server.server().Stop();
  EXPECT_EQ(server.log().Lines().size(), static_cast<size_t>(total));
}

TEST(ManyCallsTest, AStopInTheMiddleLosesNoAcceptedCall) {
  const int total = static_cast<int>(support::Trials(5'000));
  runtime::Executor executor(3);
  std::atomic<int> served{0};
  support::RpcServer server({support::TextMethod(EchoOn(executor, served))});
  Crowd crowd(server, 3);
  std::thread stopper;
  crowd.Run(total, 300, [&](int answered) {
    if (answered == total / 2) stopper = std::thread([&] { server.server().Stop(); });
  });
  stopper.join();
  EXPECT_EQ(crowd.wrong(), 0);
  EXPECT_EQ(crowd.succeeded(), served);
  EXPECT_EQ(crowd.succeeded() + crowd.refused(), total);
  EXPECT_EQ(server.log().Lines().size(), static_cast<size_t>(served));
}

}  // namespace
}  // namespace otpgate::rpc
