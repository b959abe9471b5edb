#include "clients/gateway/gateway_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace otpgate::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(GatewayMetricsTest, CountsResponsesByRouteAndStatus) {
  GatewayMetrics metrics;
  metrics.Answered("otpgate.v1.AuthService/VerifyOtp", 200, absl::Milliseconds(3));
  metrics.Answered("otpgate.v1.AuthService/VerifyOtp", 200, absl::Seconds(3));
  metrics.Answered("", 404, absl::ZeroDuration());
  const std::string page = metrics.Text();
  EXPECT_THAT(page, HasSubstr("otpgate_http_requests_total{"
                              "route=\"otpgate.v1.AuthService/VerifyOtp\",status=\"200\"} 2"));
  EXPECT_THAT(page, HasSubstr("otpgate_http_requests_total{route=\"other\",status=\"404\"} 1"));
  EXPECT_THAT(page, HasSubstr("otpgate_http_request_seconds_bucket{"
                              "route=\"otpgate.v1.AuthService/VerifyOtp\",le=\"0.005\"} 1"));
}

TEST(GatewayMetricsTest, ReadsTheStatsOfTheServerForEachPage) {
  GatewayMetrics metrics;
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("otpgate_http_connections")));
  HttpStats stats;
  stats.open_connections = 7;
  stats.over_limit = 2;
  stats.rejected[0] = 5;  // 400
  metrics.SetStats([&stats] { return stats; });
  EXPECT_THAT(metrics.Text(), HasSubstr("otpgate_http_connections 7"));
  EXPECT_THAT(metrics.Text(), HasSubstr("otpgate_http_connections_total{result=\"over_limit\"} 2"));
  EXPECT_THAT(metrics.Text(), HasSubstr("otpgate_http_rejected_total{status=\"400\"} 5"));
  metrics.SetStats(nullptr);
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("otpgate_http_connections")));
}

TEST(GatewayMetricsTest, AnAddressThatCannotBeServedIsAnError) {
  EXPECT_EQ(GatewayMetrics().Serve("192.0.2.1:1").status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace otpgate::gateway
