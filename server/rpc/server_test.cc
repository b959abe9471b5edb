#include "server/rpc/server.h"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/support/async_stream.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "server/runtime/executor.h"
#include "tests/support/rpc_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/trials.h"

namespace otpgate {
namespace {

using ::google::protobuf::Int32Value;
using ::google::protobuf::StringValue;
using ::otpgate::testing::CallMethod;
using ::otpgate::testing::Eventually;
using ::otpgate::testing::RpcServer;
using ::otpgate::testing::StatusIs;
using ::otpgate::testing::Trials;

constexpr char kEcho[] = "test.v1.TestService/Echo";
constexpr char kOther[] = "test.v1.OtherService/Echo";
constexpr char kCheck[] = "grpc.health.v1.Health/Check";
constexpr int kServing = 1;
constexpr int kNotServing = 2;
constexpr int kServiceUnknown = 3;

using Handler = UnaryHandler<StringValue, StringValue>;

void Echo(const CallInfo&, const StringValue& request, Done<StringValue> done) { done(request); }

UnaryMethod Method(const char* name, Handler handler) {
  return Unary<StringValue, StringValue>(name, Access::kCallers, std::move(handler));
}

StringValue Text(std::string text) {
  StringValue value;
  value.set_value(std::move(text));
  return value;
}

grpc::Status CallEcho(const RpcServer& server, const char* method = kEcho) {
  grpc::ClientContext context;
  StringValue response;
  return CallMethod(server.NewChannel(), method, context, Text("x"), &response);
}

// ---- start

struct OptionsCase {
  const char* name;
  void (*change)(ServerOptions&);
  absl::StatusCode code;
};

class OptionsTest : public ::testing::TestWithParam<OptionsCase> {
 protected:
  absl::Status Start(std::vector<UnaryMethod> methods, const ServerOptions& options) {
    return Server::Start(options, std::move(methods), {&clock_, &random_, &log_, &callers_})
        .status();
  }

  SystemClock clock_;
  testing::SeededRandom random_{1};
  testing::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  Callers callers_ = *Callers::Create({}, Callers::Unnamed::kRefused);
};

TEST_P(OptionsTest, AreChecked) {
  ServerOptions options;
  options.listen = {"127.0.0.1:0"};
  GetParam().change(options);
  EXPECT_THAT(Start({Method(kEcho, Echo)}, options), StatusIs(GetParam().code));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

INSTANTIATE_TEST_SUITE_P(
    Options, OptionsTest,
    ::testing::Values(
        OptionsCase{"Defaults", [](ServerOptions&) {}, absl::StatusCode::kOk},
        OptionsCase{"NoAddress", [](ServerOptions& o) { o.listen.clear(); }, kInvalid},
        OptionsCase{"Public", [](ServerOptions& o) { o.listen.push_back("0.0.0.0:0"); },
                    absl::StatusCode::kFailedPrecondition},
        OptionsCase{"NoThread", [](ServerOptions& o) { o.threads = 0; }, kInvalid},
        OptionsCase{"NothingPosted", [](ServerOptions& o) { o.posted_calls = 0; }, kInvalid},
        OptionsCase{"TinyMessages", [](ServerOptions& o) { o.max_message_bytes = 10; }, kInvalid},
        OptionsCase{"HugeHeaders", [](ServerOptions& o) { o.max_metadata_bytes = 2 << 20; },
                    kInvalid},
        OptionsCase{"NoStream", [](ServerOptions& o) { o.max_streams = 0; }, kInvalid},
        OptionsCase{"NoBuffers", [](ServerOptions& o) { o.max_buffer_bytes = 0; }, kInvalid},
        OptionsCase{"NoDeadline",
                    [](ServerOptions& o) { o.default_deadline = absl::ZeroDuration(); }, kInvalid},
        OptionsCase{"DefaultAboveMaximum",
                    [](ServerOptions& o) { o.default_deadline = absl::Hours(1); }, kInvalid}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

using StartTest = OptionsTest;

TEST_F(StartTest, AMethodIsThereOnce) {
  ServerOptions options;
  options.listen = {"127.0.0.1:0"};
  EXPECT_THAT(Start({Method(kEcho, Echo), Method(kEcho, Echo)}, options), StatusIs(kInvalid));
}

TEST_F(StartTest, ATakenPortIsNotShared) {
  RpcServer first({Method(kEcho, Echo)});
  ServerOptions options;
  options.listen = {first.address()};
  EXPECT_THAT(Start({Method(kEcho, Echo)}, options), StatusIs(absl::StatusCode::kUnavailable));
}

// ---- health

class HealthTest : public ::testing::Test {
 protected:
  // The status, or minus the gRPC code.
  int Check(const std::string& service) {
    grpc::ClientContext context;
    Int32Value response;
    const grpc::Status status =
        CallMethod(server_.NewChannel(), kCheck, context, Text(service), &response);
    return status.ok() ? response.value() : -status.error_code();
  }

  // No caller is known: probes have no credentials.
  RpcServer server_{{Method(kEcho, Echo), Method(kOther, Echo)},
                    {},
                    *Callers::Create({}, Callers::Unnamed::kRefused)};
};

TEST_F(HealthTest, IsToldPerServiceToAnyone) {
  for (const char* service : {"", "test.v1.TestService", "test.v1.OtherService"}) {
    EXPECT_EQ(Check(service), kServing) << service;
  }
  EXPECT_EQ(Check("test.v1.UnknownService"), -grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthTest, Flips) {
  server_.server().SetServing(false);
  EXPECT_EQ(Check(""), kNotServing);
  EXPECT_EQ(Check("test.v1.TestService"), kNotServing);
  server_.server().SetServing(true);
  EXPECT_EQ(Check(""), kServing);
}

TEST_F(HealthTest, LeavesNoLogLines) {
  EXPECT_EQ(Check(""), kServing);
  server_.server().Stop();
  EXPECT_EQ(server_.log().Text(), "");
}

// A client of grpc.health.v1.Health/Watch.
class Watch {
 public:
  Watch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
      : stub_(channel) {
    call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(this);
    Next();
    call_->WriteLast(Text(service), grpc::WriteOptions(), this);
    Next();
  }

  // The next status, or minus the gRPC code the stream ended with.
  int Read() {
    Int32Value response;
    call_->Read(&response, this);
    if (Next()) return response.value();
    grpc::Status status;
    call_->Finish(&status, this);
    Next();
    return -status.error_code();
  }

  void Cancel() { context_.TryCancel(); }

 private:
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    OTPGATE_CHECK(queue_.Next(&tag, &ok));
    return ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::TemplatedGenericStub<StringValue, Int32Value> stub_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<StringValue, Int32Value>> call_;
};

TEST_F(HealthTest, WatchersSeeEveryChange) {
  Watch all(server_.NewChannel(), ""), unknown(server_.NewChannel(), "test.v1.UnknownService");
  EXPECT_EQ(all.Read(), kServing);
  EXPECT_EQ(unknown.Read(), kServiceUnknown);
  server_.server().SetServing(false);
  EXPECT_EQ(all.Read(), kNotServing);
  server_.server().SetServing(true);
  EXPECT_EQ(all.Read(), kServing);
}

TEST_F(HealthTest, AWatcherThatLeftHoldsNothing) {
  Watch watch(server_.NewChannel(), "");
  EXPECT_EQ(watch.Read(), kServing);
  watch.Cancel();
  EXPECT_EQ(watch.Read(), -grpc::StatusCode::CANCELLED);
  server_.server().SetServing(false);
  server_.server().Stop();
}

TEST_F(HealthTest, StoppingTellsWatchersAndSendsThemAway) {
  Watch watch(server_.NewChannel(), "");
  EXPECT_EQ(watch.Read(), kServing);
  std::thread stopper([this] { server_.server().Stop(); });
  EXPECT_EQ(watch.Read(), kNotServing);
  EXPECT_EQ(watch.Read(), -grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

// ---- drain

class HeldCall {
 public:
  Handler handler() {
    return [this](const CallInfo& info, const StringValue&, Done<StringValue> done) {
      cancelled_ = info.cancelled;
      done_ = std::move(done);
      held_.Notify();
    };
  }
  void WaitForCall() { held_.WaitForNotification(); }
  bool cancelled() const { return *cancelled_; }
  void Answer() { done_(Text("answered")); }

 private:
  std::shared_ptr<const std::atomic<bool>> cancelled_;
  Done<StringValue> done_;
  absl::Notification held_;
};

TEST(DrainTest, AnAcceptedCallIsAnsweredAndNewOnesAreRefused) {
  HeldCall held;
  RpcServer server({Method(kEcho, held.handler()), Method(kOther, Echo)});
  grpc::Status status;
  std::thread client([&] { status = CallEcho(server); });
  held.WaitForCall();
  std::atomic<bool> stopped{false};
  std::thread stopper([&] {
    server.server().Stop();
    stopped = true;
  });
  EXPECT_TRUE(Eventually([&] { return !CallEcho(server, kOther).ok(); }));
  EXPECT_FALSE(stopped);
  EXPECT_FALSE(held.cancelled());
  held.Answer();
  client.join();
  stopper.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(DrainTest, ACallThatTakesTooLongIsCancelled) {
  HeldCall held;
  ServerOptions options;
  options.drain_timeout = absl::Milliseconds(20);
  RpcServer server({Method(kEcho, held.handler())}, options);
  grpc::Status status;
  std::thread client([&] { status = CallEcho(server); });
  held.WaitForCall();
  std::thread stopper([&] { server.server().Stop(); });
  client.join();
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(Eventually([&] { return held.cancelled(); }));
  held.Answer();
  stopper.join();
}

TEST(DrainTest, StoppingTwiceIsStoppingOnce) {
  RpcServer server({Method(kEcho, Echo)});
  server.server().Stop();
  server.server().Stop();
  EXPECT_FALSE(CallEcho(server).ok());
}

// ---- many calls

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
Handler EchoOn(Executor& executor, std::atomic<int>& served) {
  return [&](const CallInfo&, const StringValue& request, Done<StringValue> done) {
    ++served;
    executor.Post([request, done = std::move(done)] { done(request); });
  };
}

TEST(ManyCallsTest, EachIsAnsweredOnceAndWithItsOwnAnswer) {
  const int total = static_cast<int>(Trials(5'000));
  Executor executor(3);
  std::atomic<int> served{0};
  RpcServer server({Method(kEcho, EchoOn(executor, served))});
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
  RpcServer server({Method(kEcho, EchoOn(executor, served))});
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
