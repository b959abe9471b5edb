// Tests that the Redis design works as described.
#include "tests/bench/redis_design.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using nlohmann::json;
using ::otpgate::support::StatusIs;

class RedisDesignTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto result = support::RunProgram(
        {OTPGATE_INSTALL_NODE_PROGRAM, OTPGATE_REDIS_DESIGN_SOURCE, OTPGATE_REDIS_DESIGN});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  void SetUp() override {
    auto design = RedisDesign::Start(OTPGATE_REDIS_DESIGN);
    ASSERT_OK(design);
    design_ = *std::move(design);
  }

  absl::StatusOr<json> Post(const std::string& path, const json& message) {
    design_->transport().Send(0, {path, message.dump()});
    const auto answer = design_->transport().Next(absl::InfiniteDuration());
    if (!answer->status.ok()) return answer->status;
    return json::parse(answer->reply);
  }
  absl::StatusOr<json> Request() { return Post("api/auth/otp/request", {{"phoneNumber", "+1"}}); }
  absl::StatusOr<json> Verify(const json& otp) {
    return Post("api/auth/otp/verify", {{"phoneNumber", "+1"}, {"otp", otp}});
  }

  std::unique_ptr<RedisDesign> design_;
};

TEST_F(RedisDesignTest, ACodeWorksOnce) {
  const auto asked = Request();
  ASSERT_OK(asked);
  EXPECT_THAT(Verify("no").status(), support::StatusIs(absl::StatusCode::kUnknown));
  const auto verified = Verify(asked->at("otp"));
  ASSERT_OK(verified);
  EXPECT_EQ(verified->at("verified"), true);
  EXPECT_EQ(verified->at("refresh_token").get<std::string>().size(), 43U);
  const std::string token = verified->at("access_token");
  EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2);
  EXPECT_THAT(Verify(asked->at("otp")).status(), support::StatusIs(absl::StatusCode::kUnknown));
}

TEST_F(RedisDesignTest, SendsAreLimited) {
  for (int i = 0; i < 3; ++i) EXPECT_OK(Request());
  EXPECT_THAT(Request().status(), support::StatusIs(absl::StatusCode::kUnknown));
}

TEST_F(RedisDesignTest, IsMeasured) {
  const auto before = design_->Used();
  ASSERT_OK(before);
  for (int i = 0; i < 4; ++i) {  // more codes than one person may request
    RedisSignIn sign_in(*design_);
    const auto load =
        RunLoad(design_->transport(), sign_in, {.concurrency = 16, .operations = 100});
    ASSERT_OK(load);
    EXPECT_EQ(load->latencies.size(), 100U);
  }
  const auto after = design_->Used();
  ASSERT_OK(after);
  EXPECT_GT(after->node, before->node);
  EXPECT_GT(after->redis, before->redis);
}

}  // namespace
}  // namespace otpgate::bench
