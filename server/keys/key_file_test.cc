#include "server/keys/key_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/keys/keyring.h"
#include "tests/support/sample_values.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate::keys {
namespace {

using ::otpgate::support::StatusIs;
using support::SeededRandom;
using ::testing::HasSubstr;

using support::kNow;

using support::KeyText;

class KeyFileTest : public ::testing::Test {
 protected:
  static KeyFile Parse(const std::string& text) {
    auto file = KeyFile::Parse(text);
    EXPECT_OK(file);
    return *std::move(file);
  }
  static std::string ActiveId(const KeyFile& file, absl::Time now) {
    const KeyFile::Line* line = file.Active(now);
    return line == nullptr ? "" : line->id;
  }

  support::SeededRandom random_{3};
};

TEST_F(KeyFileTest, ANewKeyIsAcceptedAtOnceAndActiveAtItsTime) {
  const KeyFile old = Parse(KeyFile::NewText(random_, "old"));
  const auto file = old.WithNewKey(random_, "new", support::kNow + absl::Minutes(15));
  ASSERT_OK(file);
  EXPECT_EQ(ActiveId(*file, support::kNow + absl::Minutes(15) - absl::Nanoseconds(1)), "old");
  EXPECT_EQ(ActiveId(*file, support::kNow + absl::Minutes(15)), "new");
  const auto now = Keyring::At(*file, support::kNow);
  ASSERT_OK(now);
  EXPECT_EQ(now->active().id, "old");
  EXPECT_NE(now->Find("new"), nullptr);
  EXPECT_EQ(now->keys().size(), 2u);
}

TEST_F(KeyFileTest, TheNewestWhoseTimeHasComeIsActiveWhateverItsLine) {
  const KeyFile file =
      Parse(absl::StrCat("plain ", support::KeyText('p'), "\nlate ", support::KeyText('l'),
                         " from=2027-01-15T09:00:00+01:00\n", "later ", support::KeyText('m'),
                         " from=2030-01-01T00:00:00Z\nearly ", support::KeyText('e'),
                         " from=2026-12-01T00:00:00Z\nother ", support::KeyText('o'), "\n"));
  EXPECT_EQ(ActiveId(file, absl::UnixEpoch()), "plain");
  EXPECT_EQ(ActiveId(file, support::kNow - absl::Seconds(1)), "early");
  EXPECT_EQ(ActiveId(file, support::kNow), "late");  // 2027-01-15T08:00:00Z
  EXPECT_EQ(ActiveId(file, absl::InfiniteFuture()), "later");
}

TEST_F(KeyFileTest, EditsLeaveAllOtherLinesAsTheyWere) {
  const std::string text = absl::StrCat("# mine\n\n  k1  ", support::KeyText('a'),
                                        "\t \n# two\nk2 ", support::KeyText('b'), "\n\n");
  const auto retired = Parse(text).WithRetired("k1");
  ASSERT_OK(retired);
  EXPECT_EQ(retired->text(), absl::StrCat("# mine\n\n  k1  ", support::KeyText('a'),
                                          " retired\n# two\nk2 ", support::KeyText('b'), "\n\n"));
  EXPECT_EQ(ActiveId(*retired, support::kNow), "k2");
  const auto gone = retired->Without("k1");
  ASSERT_OK(gone);
  EXPECT_EQ(gone->text(), absl::StrCat("# mine\n\n# two\nk2 ", support::KeyText('b'), "\n\n"));
  EXPECT_THAT(gone->WithRetired("k1"), support::StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(gone->Without("k2"), support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, ARetiredKeyIsFoundAsSuchAndIsNeverActive) {
  const KeyFile file = Parse(
      absl::StrCat("k1 ", support::KeyText('a'), " retired\nk2 ", support::KeyText('b'), "\n"));
  const auto ring = Keyring::At(file, support::kNow);
  ASSERT_OK(ring);
  EXPECT_EQ(ring->active().id, "k2");
  EXPECT_EQ(ring->Find("k1"), nullptr);
  EXPECT_NE(ring->Derive("x").FindRetired("k1"), nullptr);
  EXPECT_EQ(ring->FindRetired("k2"), nullptr);
  const auto none = file.WithRetired("k2");
  ASSERT_OK(none);
  EXPECT_THAT(Keyring::At(*none, support::kNow).status(),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(KeyFileTest, SaveReplacesTheFileForItsOwnerAlone) {
  const support::TempFolder folder;
  const std::string path = folder.Write("keys", KeyFile::NewText(random_, "k1"));
  const auto old = KeyFile::Load(path);
  ASSERT_OK(old);
  const auto fresh = old->WithNewKey(random_, "k2", support::kNow);
  ASSERT_OK(fresh);
  ASSERT_OK(fresh->Save(path));
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  EXPECT_EQ(KeyFile::Load(path)->text(), fresh->text());
  const absl::Status nowhere = fresh->Save(folder.Path("absent/keys"));
  EXPECT_THAT(nowhere, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(nowhere.message()), HasSubstr("absent/keys"));
}

}  // namespace
}  // namespace otpgate::keys
