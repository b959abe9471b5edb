// Whatever clients send, the log stays one JSON object per line.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"

namespace otpgate::testing {
namespace {

class LogInjectionTest : public ::testing::Test {
 protected:
  AuthClient& client(int i) { return deployment_.client(i); }

  Deployment deployment_{{.servers = 1, .flags = {"--log.level=debug"}}};
};

// Whatever a caller writes, a line of the log stays one JSON object.
TEST_F(LogInjectionTest, N3_CallersCannotWriteIntoTheLog) {
  const std::string payloads[] = {"a\nb",
                                  "{\"event\":\"FORGED\"}\n{\"event\":\"FORGED\"}",
                                  "\x1b[31mred\x1b[0m",
                                  "\",\"event\":\"FORGED\",\"x\":\"",
                                  "\xe2\x80\xa8line",
                                  std::string(5000, 'x')};
  for (const std::string& payload : payloads) {
    const CallOptions options{.request_id = payload};
    client(0).RequestOtp(payload + "@example.com", options);
    client(0).RequestOtp(payload);
    client(0).ResendOtp(payload, options);
    client(0).VerifyOtp(payload, payload, options);
    client(0).RefreshToken(payload, options);
    client(0).RevokeToken(payload);
  }
  for (const std::string& header : {payloads[3], payloads[5]}) {
    client(0).GetCurrentUser({.client_ip = header, .authorization = header, .caller = header});
  }
  ASSERT_TRUE(client(0).RequestOtp("last@example.com").ok());
  const std::string log = deployment_.server(0).Log();
  EXPECT_EQ(log.find("FORGED"), std::string::npos);
  for (absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(json.is_object() && json.contains("event")) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
}

}  // namespace
}  // namespace otpgate::testing
