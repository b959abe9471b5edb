#include "tests/bench/gateway/gateway_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace otpgate::bench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

CallCost Cost(const std::string& operation, double gateway_us, std::optional<double> node_us) {
  return {.operation = operation,
          .concurrency = 64,
          .reply_bytes = 200,
          .gateway_us = gateway_us,
          .node_us = node_us};
}

GatewayReport Report() {
  return {.rounds = 3,
          .calls = {Cost("GetJwks", 20, 100), Cost("IntrospectToken", 30, std::nullopt)},
          .logins = {{.concurrency = 64,
                      .gateway_us = 50,
                      .server_us = 30,
                      .postgres_us = 20,
                      .grpc_us = 50,
                      .redis_design_us = 400}},
          .idle = {{.tls = true, .connections = 1024, .before_mb = 20, .after_mb = 36}}};
}

TEST(GatewayReport, HasTheMedianOfEachCall) {
  const std::vector<CallCost> medians =
      Medians({Cost("a", 1, 10), Cost("b", 5, std::nullopt), Cost("a", 9, 30), Cost("a", 2, 20)});
  ASSERT_EQ(medians.size(), 2U);
  EXPECT_EQ(medians[0].operation, "a");
  EXPECT_EQ(medians[0].gateway_us, 2);
  EXPECT_EQ(medians[0].node_us, 20);
  EXPECT_EQ(medians[1].gateway_us, 5);
  EXPECT_EQ(medians[1].node_us, std::nullopt);
}

TEST(GatewayReport, TellsRatios) {
  const json report = json::parse(JsonOf(Report()));
  EXPECT_EQ(report.at("calls")[0].at("ratio_to_node"), 0.2);
  EXPECT_TRUE(report.at("calls")[0].at("ratio_to_nginx").is_null());
  EXPECT_TRUE(report.at("calls")[1].at("ratio_to_node").is_null());
  EXPECT_EQ(report.at("logins")[0].at("ratio_to_grpc"), 2);
  EXPECT_EQ(report.at("logins")[0].at("ratio_to_redis_design"), 0.25);
  EXPECT_EQ(report.at("idle_connections")[0].at("memory_mb"), 36);
}

TEST(GatewayReport, CanBeRead) {
  const std::string text = TextOf(Report());
  EXPECT_THAT(text, HasSubstr("GetJwks"));
  EXPECT_THAT(text, HasSubstr("1024 TLS"));
  EXPECT_THAT(text, HasSubstr("16.0 KiB each"));
}

Measurement Login(const std::string& operation, double server_us, std::optional<double> postgres_us,
                  std::optional<double> redis_us) {
  return {.operation = operation,
          .concurrency = 64,
          .server_cpu_us = server_us,
          .postgres_cpu_us = postgres_us,
          .redis_cpu_us = redis_us};
}

TEST(GatewayReport, AddsUpTheCostOfLogins) {
  const LoginCost cost =
      LoginCostIn({Login(kLogin, 30, 20, std::nullopt), Login(kRestLogin, 31, 21, std::nullopt),
                   Login(kRedisDesignLogin, 300, std::nullopt, 50)},
                  64, 9);
  EXPECT_EQ(cost.all_us(), 61);
  EXPECT_EQ(cost.grpc_us, 50);
  EXPECT_EQ(cost.redis_design_us, 350);
}

}  // namespace
}  // namespace otpgate::bench
