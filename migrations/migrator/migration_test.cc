#include "migrations/migrator/migration.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace otpgate::migrator {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;

constexpr char kGood[] =
    "-- Why: x\n\n-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n";

TEST(MigrationTest, ReadsNameSectionsAndChecksum) {
  const auto migration = ParseMigration("V007__some_name2.sql", kGood);
  ASSERT_OK(migration);
  EXPECT_EQ(migration->version, 7);
  EXPECT_EQ(migration->name, "some_name2");
  EXPECT_EQ(migration->file, "V007__some_name2.sql");
  EXPECT_EQ(migration->up, "CREATE TABLE a ();\n");
  EXPECT_EQ(migration->down, "DROP TABLE a;\n\n");
  EXPECT_EQ(migration->checksum,
            "14475ab6f754739241935f37595c99870dc2de90d8edb77a25444f6b82416ff2");
}

TEST(MigrationTest, EveryByteCountsForTheChecksum) {
  const auto one = ParseMigration("V001__a.sql", kGood);
  const auto other = ParseMigration("V001__a.sql", absl::StrCat(kGood, " "));
  ASSERT_OK(one);
  ASSERT_OK(other);
  EXPECT_NE(one->checksum, other->checksum);
}

TEST(MigrationTest, LinesOfWindowsAreRead) {
  EXPECT_OK(ParseMigration("V001__a.sql",
                           "-- migrate:up\r\nSELECT 1;\r\n-- migrate:down\r\nSELECT 2;\r\n"));
}

TEST(MigrationTest, FileNamesOfOtherFormsAreRefused) {
  for (const char* file : {"V1__a.sql", "V0001__a.sql", "V000__a.sql", "v001__a.sql", "V001_a.sql",
                           "V001__.sql", "V001__A.sql", "V001__a b.sql", "V001__a.sql.bak", "V001",
                           "V001__a.txt", "V-01__a.sql", "", ".sql"}) {
    EXPECT_THAT(ParseMigration(file, kGood), support::StatusIs(absl::StatusCode::kInvalidArgument))
        << file;
  }
}

struct BadText {
  const char* name;
  const char* text;
  const char* why;
};

constexpr BadText kBadTexts[] = {
    {"Empty", "", "no SQL after \"-- migrate:up\""},
    {"NoSections", "CREATE TABLE a ();\n", "SQL before"},
    {"SqlBeforeUp", "SELECT 1;\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n",
     "SQL before"},
    {"NoDown", "-- migrate:up\nSELECT 1;\n", "no SQL after \"-- migrate:down\""},
    {"DownWithCommentOnly", "-- migrate:up\nSELECT 1;\n-- migrate:down\n-- nothing\n",
     "no SQL after \"-- migrate:down\""},
    {"DownFirst", "-- migrate:down\nSELECT 1;\n-- migrate:up\nSELECT 1;\n", "after up"},
    {"UpTwice", "-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 1;\n", "once, and first"},
    {"DownTwice", "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n-- migrate:down\n",
     "once"},
    {"Commit", "-- migrate:up\nSELECT 1;\n  commit ;\n-- migrate:down\nSELECT 1;\n", "commit ;"},
    {"Begin", "-- migrate:up\nBEGIN;\n-- migrate:down\nSELECT 1;\n", "BEGIN;"},
    {"Rollback", "-- migrate:up\nSELECT 1;\n-- migrate:down\nROLLBACK;\n", "ROLLBACK;"},
};

class BadTextTest : public ::testing::TestWithParam<BadText> {};

TEST_P(BadTextTest, IsRefused) {
  const auto migration = ParseMigration("V001__a.sql", GetParam().text);
  ASSERT_THAT(migration, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(migration.status().message()), HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(Texts, BadTextTest, ::testing::ValuesIn(kBadTexts),
                         [](const auto& each) { return each.param.name; });

Migration Numbered(int version) {
  Migration migration;
  migration.version = version;
  migration.file = absl::StrCat("file ", version);
  return migration;
}

TEST(MigrationTest, VersionsHaveNoGapAndNoRepetition) {
  const auto sorted = InOrder({Numbered(3), Numbered(1), Numbered(2)});
  ASSERT_OK(sorted);
  for (int i = 0; i < 3; ++i) EXPECT_EQ((*sorted)[i].version, i + 1);
  EXPECT_OK(InOrder({}));
  EXPECT_THAT(InOrder({Numbered(1), Numbered(3)}),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(InOrder({Numbered(2)}), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(InOrder({Numbered(1), Numbered(1)}),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace otpgate::migrator
