#include "server/config/password_file.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::string> Read(const std::string& text) {
  return ReadPasswordFile("pw", [text](const std::string&) { return text; });
}

TEST(PasswordFileTest, ThePasswordIsTheFirstLineWithoutItsEnd) {
  for (const char* text : {"secret", "secret\n", "secret\r\n", "secret\r", "secret\nsecond\n",
                           "secret\r\nsecond\r\n"}) {
    EXPECT_EQ(*Read(text), "secret") << ::testing::PrintToString(text);
  }
  EXPECT_EQ(*Read(" s3 cret \r\n"), " s3 cret ");
}

TEST(PasswordFileTest, AFileWithoutAPasswordIsRefused) {
  for (const char* text : {"", "\n", "\r\n", "\ns3cret\n"}) {
    const auto read = Read(text);
    ASSERT_THAT(read, support::StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(std::string(read.status().message()), HasSubstr("pw is empty"));
    EXPECT_THAT(std::string(read.status().message()), Not(HasSubstr("s3cret")));
  }
  EXPECT_THAT(ReadPasswordFile("pw",
                               [](const std::string&) -> absl::StatusOr<std::string> {
                                 return absl::NotFoundError("cannot open file pw");
                               }),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace otpgate::config
