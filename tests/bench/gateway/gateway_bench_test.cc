// Tests that the bench of the gateway measures what it claims to measure.
#include "tests/bench/gateway/gateway_bench.h"

#include <gtest/gtest.h>

#include "tests/bench/gateway/http_programs.h"
#include "tests/bench/gateway/idle_memory.h"
#include "tests/bench/gateway/rest_transport.h"
#include "tests/bench/operations.h"
#include "tests/bench/session_operations.h"
#include "tests/bench/system_under_test.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

TEST(GatewayBench, MeasuresTheGatewayAlone) {
  const auto report = RunGatewayBench({.server_program = OTPGATE_BENCH_SERVER_PROGRAM,
                                       .gateway_program = OTPGATE_GATEWAY_PROGRAM,
                                       .concurrencies = {1, 8},
                                       .rounds = 1,
                                       .operations = 20,
                                       .idle_connections = 20});
  ASSERT_OK(report);
  ASSERT_EQ(report->calls.size(), 6U);
  EXPECT_EQ(report->calls[5].operation, "GetCurrentUser");
  EXPECT_EQ(report->calls[5].concurrency, 8);
  for (const CallCost& call : report->calls) {
    EXPECT_GT(call.gateway_us, 0) << call.operation;
    EXPECT_GT(call.reply_bytes, 100U) << call.operation;
    EXPECT_EQ(call.nginx_us, std::nullopt);
    EXPECT_EQ(call.node_us, std::nullopt);
  }
  ASSERT_EQ(report->logins.size(), 2U);
  for (const LoginCost& login : report->logins) {
    EXPECT_GT(login.gateway_us, 0);
    EXPECT_GT(login.server_us, 0);
    EXPECT_GT(login.grpc_us, 0);
    EXPECT_EQ(login.redis_design_us, std::nullopt);
  }
}

class GatewayPrograms : public ::testing::Test {
 protected:
  void SetUp() override {
    auto system = SystemUnderTest::Start(
        {.server_program = OTPGATE_BENCH_SERVER_PROGRAM, .variants = {Variant()}});
    ASSERT_OK(system);
    system_ = *std::move(system);
  }

  std::unique_ptr<SystemUnderTest> system_;
};

TEST_F(GatewayPrograms, ARefusalOverRestEndsTheLoad) {
  const auto gateway = StartGateway(OTPGATE_GATEWAY_PROGRAM, system_->port(0));
  ASSERT_OK(gateway);
  RestTransport transport(gateway->port);
  const std::vector<Tokens> forged = {{.access = "a.b.c", .refresh = "", .session_id = ""}};
  SingleCall ask_who = AskWhoIsSignedIn(forged);
  EXPECT_THAT(RunLoad(transport, ask_who, {.concurrency = 2, .operations = 4}).status(),
              support::StatusIs(absl::StatusCode::kUnknown));
}

TEST_F(GatewayPrograms, IdleConnectionsTakeMemory) {
  for (const bool tls : {false, true}) {
    const auto idle = MeasureIdleMemory(OTPGATE_GATEWAY_PROGRAM, system_->port(0), 300, tls);
    ASSERT_OK(idle);
    EXPECT_EQ(idle->tls, tls);
    EXPECT_GT(idle->after_mb, idle->before_mb);
  }
}

TEST(IdleMemory, NeedsEnoughOpenFiles) {
  EXPECT_THAT(MeasureIdleMemory(OTPGATE_GATEWAY_PROGRAM, 1, 2'000'000'000, false).status(),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(HttpPrograms, AProgramThatDoesNotStartIsAnError) {
  EXPECT_THAT(StartGateway(OTPGATE_GATEWAY_PROGRAM, 1, {"--threads=0"}).status(),
              support::StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace otpgate::bench
