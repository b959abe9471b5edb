#include "clients/ctl/admin/key_file_change.h"

#include <gmock/gmock.h>

#include "server/crypto/system_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate::ctl {
namespace {

using crypto::KeyFile;
using ::otpgate::testing::StatusIs;
using ::testing::HasSubstr;

class KeyFileChangeTest : public ::testing::Test {
 protected:
  KeyFileChangeTest() { folder_.Write("k.keys", KeyFile::NewText(random_, "k1")); }
  KeyFile Load() { return *KeyFile::Load(path_); }

  crypto::SystemRandom random_;
  const testing::TempFolder folder_;
  const std::string path_ = folder_.Path("k.keys");
};

TEST_F(KeyFileChangeTest, OneAtATime) {
  const KeyFile shown = Load();
  {
    const auto first = KeyFileChange::Begin(path_, shown);
    ASSERT_OK(first);
    EXPECT_THAT(KeyFileChange::Begin(path_, shown), StatusIs(absl::StatusCode::kAborted));
  }
  EXPECT_OK(KeyFileChange::Begin(path_, shown));
}

TEST_F(KeyFileChangeTest, AFileThatChangedMeanwhileStaysAsItIs) {
  const KeyFile shown = Load();
  ASSERT_OK(shown.WithNewKey(random_, "k2", absl::UnixEpoch())->Save(path_));
  const auto late = KeyFileChange::Begin(path_, shown);
  ASSERT_THAT(late, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(std::string(late.status().message()), HasSubstr("changed meanwhile"));
  EXPECT_OK(KeyFileChange::Begin(path_, Load())) << "the refused one holds nothing";
}

TEST_F(KeyFileChangeTest, AMissingFileIsToldOf) {
  const KeyFile shown = Load();
  EXPECT_THAT(KeyFileChange::Begin(folder_.Path("none/k.keys"), shown),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace otpgate::ctl
