#include "base/text_file.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate {
namespace {

using support::StatusIs;

class TextFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> ReadBack(const std::string& content) {
    folder_.Write("file", content);
    return ReadTextFile(folder_.Path("file"));
  }

  support::TempFolder folder_;
};

TEST_F(TextFileTest, ReadsEveryByteUpToOneMebibyte) {
  const std::string bytes("a\0b\r\n", 5);
  EXPECT_EQ(*ReadBack(bytes), bytes);
  EXPECT_EQ(*ReadBack(""), "");
  const std::string most(1 << 20, 'x');
  EXPECT_EQ(*ReadBack(most), most);
}

TEST_F(TextFileTest, AnErrorNamesTheFileAndShowsNothingOfIt) {
  const absl::Status large = ReadBack(std::string((1 << 20) + 1, 'x')).status();
  EXPECT_THAT(large, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(large.message(), "file " + folder_.Path("file") + " is larger than 1 MiB");
  EXPECT_THAT(ReadTextFile(folder_.Path("none")).status(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadTextFile(folder_.Path(".")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace otpgate
