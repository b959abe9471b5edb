#include "server/rpc/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "tests/support/rpc_server.h"
#include "tests/support/rpc_text_service.h"
#include "tests/support/status_matchers.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StatusIs;
using support::CallText;
using support::Echo;
using support::Eventually;
using support::HeldCall;
using support::RpcServer;
using support::TextMethod;

constexpr char kOther[] = "test.v1.OtherService/Echo";

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
  support::SeededRandom random_{1};
  support::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  Callers callers_ = *Callers::Create({}, Callers::WithoutCredentials::kRefused);
};

TEST_P(OptionsTest, AreChecked) {
  ServerOptions options;
  options.addresses = {"127.0.0.1:0"};
  GetParam().change(options);
  EXPECT_THAT(Start({support::TextMethod(Echo)}, options), support::StatusIs(GetParam().code));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

INSTANTIATE_TEST_SUITE_P(
    Options, OptionsTest,
    ::testing::Values(
        OptionsCase{"Defaults", [](ServerOptions&) {}, absl::StatusCode::kOk},
        OptionsCase{"NoAddress", [](ServerOptions& o) { o.addresses.clear(); }, kInvalid},
        OptionsCase{"Public", [](ServerOptions& o) { o.addresses.push_back("0.0.0.0:0"); },
                    absl::StatusCode::kFailedPrecondition},
        OptionsCase{"PublicBehindAProxy",
                    [](ServerOptions& o) {
                      o.addresses.push_back("0.0.0.0:0");
                      o.plaintext_is_safe = true;
                    },
                    absl::StatusCode::kOk},
        OptionsCase{"NoTlsFiles", [](ServerOptions& o) { o.tls.directory = "/nowhere"; },
                    absl::StatusCode::kNotFound},
        OptionsCase{"LessThanNoThread", [](ServerOptions& o) { o.threads = -1; }, kInvalid},
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
  options.addresses = {"127.0.0.1:0"};
  EXPECT_THAT(Start({support::TextMethod(Echo), support::TextMethod(Echo)}, options),
              support::StatusIs(kInvalid));
}

TEST_F(StartTest, ATakenPortIsNotShared) {
  support::RpcServer first({support::TextMethod(Echo)});
  ServerOptions options;
  options.addresses = {first.address()};
  EXPECT_THAT(Start({support::TextMethod(Echo)}, options),
              support::StatusIs(absl::StatusCode::kUnavailable));
}

TEST(DrainTest, AnAcceptedCallIsAnsweredAndNewOnesAreRefused) {
  support::HeldCall held;
  support::RpcServer server(
      {support::TextMethod(held.handler()), support::TextMethod(Echo, kOther)});
  grpc::Status status;
  std::thread client([&] { status = support::CallText(server).status; });
  held.WaitForCall();
  std::atomic<bool> stopped{false};
  std::thread stopper([&] {
    server.server().Stop();
    stopped = true;
  });
  EXPECT_TRUE(
      support::Eventually([&] { return !support::CallText(server, "x", kOther).status.ok(); }));
  EXPECT_FALSE(stopped);
  EXPECT_FALSE(held.cancelled());
  held.Answer();
  client.join();
  stopper.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(DrainTest, ACallThatTakesTooLongIsCancelled) {
  support::HeldCall held;
  ServerOptions options;
  options.drain_timeout = absl::Milliseconds(20);
  support::RpcServer server({support::TextMethod(held.handler())}, options);
  grpc::Status status;
  std::thread client([&] { status = support::CallText(server).status; });
  held.WaitForCall();
  std::thread stopper([&] { server.server().Stop(); });
  client.join();
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(support::Eventually([&] { return held.cancelled(); }));
  held.Answer();
  stopper.join();
}

TEST(DrainTest, StoppingTwiceIsStoppingOnce) {
  support::RpcServer server({support::TextMethod(Echo)});
  server.server().Stop();
  server.server().Stop();
  EXPECT_FALSE(support::CallText(server).status.ok());
}

}  // namespace
}  // namespace otpgate::rpc
