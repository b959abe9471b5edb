#include "server/rpc/health_service.h"

#include <gmock/gmock.h>
#include <grpcpp/support/async_stream.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"

namespace otpgate::rpc {
namespace {

using ::google::protobuf::Int32Value;
using ::otpgate::support::StringValue;
using support::CallMethod;
using support::CallText;
using support::Echo;
using support::RpcServer;
using support::Text;
using support::TextMethod;
using ::testing::AnyOf;

constexpr char kOther[] = "test.v1.OtherService/Echo";
constexpr char kCheck[] = "grpc.health.v1.Health/Check";
constexpr int kServing = 1;
constexpr int kNotServing = 2;
constexpr int kServiceUnknown = 3;

// The status, or minus the gRPC code.
int CheckHealth(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  grpc::ClientContext context;
  Int32Value response;
  const grpc::Status status =
      support::CallMethod(channel, kCheck, context, Text(service), &response);
  return status.ok() ? response.value() : -status.error_code();
}

class HealthTest : public ::testing::Test {
 protected:
  // No wait of this server may end by a timeout.
  static ServerOptions Patient() {
    ServerOptions options;
    options.drain_timeout = absl::Hours(1);
    return options;
  }

  int Check(const std::string& service) { return CheckHealth(server_.NewChannel(), service); }

  // No caller is known: probes have no credentials.
  support::RpcServer server_{{support::TextMethod(Echo), support::TextMethod(Echo, kOther)},
                             Patient(),
                             *Callers::Create({}, Callers::WithoutCredentials::kRefused)};
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
  for (int i = 0; i < 50; ++i) {
    Watch watch(server_.NewChannel(), "");
    EXPECT_THAT(watch.Read(), AnyOf(kServing, kNotServing));
    watch.Cancel();
    EXPECT_EQ(watch.Read(), -grpc::StatusCode::CANCELLED);
    server_.server().SetServing(i % 2 == 0);  // under ASan: does not call a watcher that is gone
  }
}

TEST_F(HealthTest, StoppingTellsWatchersAndSendsThemAway) {
  Watch watch(server_.NewChannel(), "");
  EXPECT_EQ(watch.Read(), kServing);
  std::thread stopper([this] { server_.server().Stop(); });
  EXPECT_EQ(watch.Read(), kNotServing);
  EXPECT_EQ(watch.Read(), -grpc::StatusCode::UNAVAILABLE);
  stopper.join();
}

// Waits until no call has come for `quiet`; all other waits are longer than any test.
ServerOptions QuietFor(absl::Duration quiet) {
  ServerOptions options;
  options.drain_quiet = quiet;
  options.drain_timeout = absl::Hours(1);
  return options;
}

// Only the last watcher's leaving can end this wait.
TEST(DrainTest, O1_CallsAreServedUntilWatchersHadTimeToHear) {
  support::RpcServer server({support::TextMethod(Echo)}, QuietFor(absl::Hours(1)));
  Watch watch(server.NewChannel(), "");
  EXPECT_EQ(watch.Read(), kServing);
  std::thread stopper([&] { server.server().Stop(); });
  EXPECT_EQ(watch.Read(), kNotServing);
  EXPECT_EQ(support::CallText(server).text, "hello");
  watch.Cancel();
  EXPECT_EQ(watch.Read(), -grpc::StatusCode::CANCELLED);
  stopper.join();
}

TEST(DrainTest, ProbesKeepNoServerFromStopping) {
  support::RpcServer server({support::TextMethod(Echo)}, QuietFor(absl::Milliseconds(200)));
  Watch watch(server.NewChannel(), "");
  EXPECT_EQ(watch.Read(), kServing);
  std::atomic<bool> stopped = false;
  std::thread prober([&, channel = server.NewChannel()] {
    while (!stopped) CheckHealth(channel, "");
  });
  server.server().Stop();
  stopped = true;
  prober.join();
}

}  // namespace
}  // namespace otpgate::rpc
