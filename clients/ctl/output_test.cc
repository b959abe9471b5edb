#include "clients/ctl/output.h"

#include <gtest/gtest.h>

namespace otpgate::ctl {
namespace {

using ::testing::internal::CaptureStderr;
using ::testing::internal::CaptureStdout;
using ::testing::internal::GetCapturedStderr;
using ::testing::internal::GetCapturedStdout;

TEST(OutputTest, PeopleGetLinesAndTables) {
  CaptureStdout();
  CaptureStderr();
  Output output(false);
  output.Line("first");
  output.Table({{"NAME", "ROWS"}, {"long name", "7"}, {"x", ""}});
  output.Set("ignored", 1);
  output.Finish(Exit::kFailed, absl::InternalError("went wrong"));
  EXPECT_EQ(GetCapturedStdout(), "first\nNAME       ROWS\nlong name  7\nx\n");
  EXPECT_EQ(GetCapturedStderr(), "otpgatectl: went wrong\n");
}

TEST(OutputTest, ScriptsGetOneObject) {
  CaptureStdout();
  CaptureStderr();
  Output output(true);
  output.Line("ignored");
  output.Set("names", {"a", "b"});
  output.Finish(Exit::kBusy, absl::DeadlineExceededError("not utf-8: \xff"));
  const nlohmann::json object = nlohmann::json::parse(GetCapturedStdout());
  EXPECT_EQ(object["names"], nlohmann::json({"a", "b"}));
  EXPECT_EQ(object["exit_code"], 5);
  EXPECT_EQ(object["error"], "not utf-8: \xef\xbf\xbd");
  EXPECT_EQ(GetCapturedStderr(), "");
}

TEST(OutputTest, SuccessHasNoError) {
  CaptureStdout();
  Output output(true);
  output.Finish(Exit::kOk, absl::OkStatus());
  EXPECT_EQ(nlohmann::json::parse(GetCapturedStdout()), nlohmann::json({{"exit_code", 0}}));
}

}  // namespace
}  // namespace otpgate::ctl
