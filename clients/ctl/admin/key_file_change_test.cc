#include "clients/ctl/admin/key_file_change.h"

#include <gmock/gmock.h>

#include "base/crypto/system_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate::ctl {
namespace {

using keys::KeyFile;
using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;

class KeyFileChangeTest : public ::testing::Test {
 protected:
  KeyFileChangeTest() { folder_.Write("k.keys", keys::KeyFile::NewText(random_, "k1")); }
  keys::KeyFile Load() { return *keys::KeyFile::Load(path_); }

  crypto::SystemRandom random_;
  const support::TempFolder folder_;
  const std::string path_ = folder_.Path("k.keys");
};

TEST_F(KeyFileChangeTest, OneAtATime) {
  const keys::KeyFile shown = Load();
  {
    const auto first = KeyFileChange::Begin(path_, shown);
    ASSERT_OK(first);
    EXPECT_THAT(KeyFileChange::Begin(path_, shown), support::StatusIs(absl::StatusCode::kAborted));
  }
  EXPECT_OK(KeyFileChange::Begin(path_, shown));
}

TEST_F(KeyFileChangeTest, AFileThatChangedMeanwhileStaysAsItIs) {
  const keys::KeyFile shown = Load();
  ASSERT_OK(shown.WithNewKey(random_, "k2", absl::UnixEpoch())->Save(path_));
  const auto late = KeyFileChange::Begin(path_, shown);
  ASSERT_THAT(late, support::StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(std::string(late.status().message()), HasSubstr("changed meanwhile"));
  EXPECT_OK(KeyFileChange::Begin(path_, Load())) << "the refused one holds nothing";
}

TEST_F(KeyFileChangeTest, AMissingFileIsToldOf) {
  const keys::KeyFile shown = Load();
  EXPECT_THAT(KeyFileChange::Begin(folder_.Path("none/k.keys"), shown),
              support::StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace otpgate::ctl
