#include "tests/support/canaries.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace otpgate::support {
namespace {

using ::testing::ElementsAre;

constexpr char kText[] = "4815162342";

class CanariesTest : public ::testing::Test {
 protected:
  bool IsFoundIn(const std::string& content) const {
    const auto files = canaries_.FilesWith({folder_.Write("place", content)});
    EXPECT_OK(files);
    return !files->empty();
  }

  Canaries canaries_;
  const TempFolder folder_;
};

TEST_F(CanariesTest, FindsATextInItsForms) {
  canaries_.Add("another one");
  canaries_.Add(kText);
  EXPECT_TRUE(IsFoundIn(absl::StrCat("a", kText, "b")));
  EXPECT_TRUE(IsFoundIn(absl::StrCat("\x80\n", std::string(1, '\0'), kText)));
  EXPECT_TRUE(IsFoundIn(absl::BytesToHexString(kText)));
  EXPECT_TRUE(IsFoundIn(absl::Base64Escape(absl::StrCat(kText, "and more"))));
  EXPECT_FALSE(IsFoundIn("481516234"));
  EXPECT_FALSE(IsFoundIn(""));
}

TEST_F(CanariesTest, FindsBytes) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes += static_cast<char>(i * 37 + 251);
  bytes[3] = '\0';
  bytes[29] = '\n';
  canaries_.Add(bytes);
  EXPECT_TRUE(IsFoundIn(bytes));
  EXPECT_TRUE(IsFoundIn(absl::BytesToHexString(bytes)));
  EXPECT_TRUE(IsFoundIn(absl::WebSafeBase64Escape(bytes)));
  EXPECT_FALSE(IsFoundIn(bytes.substr(16)));
}

TEST_F(CanariesTest, NamesTheFilesOfFolders) {
  canaries_.Add(kText);
  folder_.Write("a", "nothing");
  const std::string holds = folder_.Write("b", kText);
  const auto files = canaries_.FilesWith({folder_.Path("")});
  ASSERT_OK(files);
  EXPECT_THAT(*files, ElementsAre(holds));
}

// A search that failed must not look like one that found nothing.
TEST_F(CanariesTest, ASearchThatFailsIsAnError) {
  canaries_.Add(kText);
  EXPECT_THAT(canaries_.FilesWith({folder_.Path("none")}), StatusIs(absl::StatusCode::kNotFound));
  std::filesystem::create_symlink("loop", folder_.Path("loop"));
  EXPECT_THAT(canaries_.FilesWith({folder_.Path("loop/x")}), StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace otpgate::support
