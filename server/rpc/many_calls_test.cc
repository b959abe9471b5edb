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
namespace otpgate {
namespace {

using ::otpgate::testing::kEcho;
using ::otpgate::testing::RpcServer;
using ::otpgate::testing::StringValue;
using ::otpgate::testing::Text;
using ::otpgate::testing::TextHandler;
using ::otpgate::testing::TextMethod;
using ::otpgate::testing::Trials;

// Keeps many calls under way over several connections and counts how they end.
class Crowd {
 public:
  Crowd(const RpcServer& server, int connections) {
    for (int i = 0; i < connections; ++i) stubs_.emplace_back(server.NewChannel());
  }

  // `total` calls, `abreast` at a time; `each` runs after every answer.
  void Run(int total, int abreast, const std::function<void(int answered)>& each) {
    int started = 0;
    while (started < std::min(abreast, total)) Begin(started++);
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
        &one->context, absl::StrCat("/", kEcho), Text(absl::StrCat(number)), &queue_);
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
TextHandler EchoOn(Executor& executor, std::atomic<int>& served) {
  return [&](const CallInfo&, const StringValue& request, Done<StringValue> done) {
    ++served;
    executor.Post([request, done = std::move(done)] { done(request); });
  };
}

TEST(ManyCallsTest, EachIsAnsweredOnceAndWithItsOwnAnswer) {
  const int total = static_cast<int>(Trials(5'000));
  Executor executor(3);
  std::atomic<int> served{0};
  RpcServer server({TextMethod(EchoOn(executor, served))});
  Crowd crowd(server, 3);
  crowd.Run(total, 300, [](int) {});
  EXPECT_EQ(crowd.succeeded(), total);
  EXPECT_EQ(crowd.wrong(), 0);
  EXPECT_EQ(served, total);
  server.server().Stop();
  EXPECT_EQ(server.log().Lines().size(), static_cast<size_t>(total));
}

TEST(ManyCallsTest, AStopInTheMiddleLosesNoAcceptedCall) {
  const int total = static_cast<int>(Trials(5'000));
  Executor executor(3);
  std::atomic<int> served{0};
  RpcServer server({TextMethod(EchoOn(executor, served))});
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
}  // namespace otpgate
