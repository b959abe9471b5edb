// Tests that what the gateway is compared with does the same work.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/bench/gateway/gateway_bench.h"
#include "tests/bench/gateway/http_programs.h"
#include "tests/bench/http_transport.h"
#include "tests/support/program.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

constexpr char kSource[] = OTPGATE_BENCH_SOURCE;
constexpr char kBinary[] = OTPGATE_BENCH_BINARY;

// Installs a Node.js program of the bench; returns its folder.
std::string Installed(const std::string& program, const std::string& folder) {
  const std::string installed = absl::StrCat(kBinary, "/", folder);
  const auto result = support::RunProgram({absl::StrCat(kSource, "/install_node_program"),
                                           absl::StrCat(kSource, "/", program), installed});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return installed;
}

std::string Nginx() {
  const auto result = support::RunProgram(
      {absl::StrCat(kSource, "/gateway/find_nginx"), absl::StrCat(kBinary, "/nginx")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return std::string(absl::StripSuffix(result.out, "\n"));
}

// Replies are checked, so all of them answer what the service answers.
TEST(GatewayComparison, AllOfThemAnswerTheSameCalls) {
  const auto report =
      RunGatewayBench({.server_program = OTPGATE_BENCH_SERVER_PROGRAM,
                       .gateway_program = OTPGATE_GATEWAY_PROGRAM,
                       .nginx_program = Nginx(),
                       .node_gateway_folder = Installed("gateway/node_gateway", "node_gateway"),
                       .concurrencies = {8},
                       .rounds = 1,
                       .operations = 50,
                       .idle_connections = 1});
  ASSERT_OK(report);
  ASSERT_EQ(report->calls.size(), 3U);
  for (const CallCost& call : report->calls) {
    EXPECT_GT(call.nginx_us.value_or(0), 0) << call.operation;
    EXPECT_GT(call.node_us.value_or(0), 0) << call.operation;
  }
}

TEST(GatewayComparison, NginxAnswersWhatItWasGiven) {
  const auto nginx = StartNginx(Nginx(), {{.path = "/v1/a:b", .body = R"({"a": "b"})"}});
  ASSERT_OK(nginx);
  HttpTransport http(nginx->port);
  for (const char* message : {"", "{}"}) {
    http.Send(0, {.method = "v1/a:b", .message = message});
    const auto answer = http.Next(absl::InfiniteDuration());
    EXPECT_OK(answer->status);
    EXPECT_EQ(answer->reply, R"({"a": "b"})");
  }
  http.Send(0, {.method = "v1/a", .message = ""});
  EXPECT_THAT(http.Next(absl::InfiniteDuration())->status,
              support::StatusIs(absl::StatusCode::kUnknown));
}

}  // namespace
}  // namespace otpgate::bench
