#include "migrations/migrator/source.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/status_matchers.h"

namespace otpgate::migrator {
namespace {

using ::otpgate::support::StatusIs;

constexpr char kText[] = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n";

TEST(SourceTest, TheEmbeddedFilesAreThoseOfTheFolder) {
  const auto embedded = EmbeddedMigrations();
  const auto folder = MigrationsInFolder(OTPGATE_SQL_FOLDER);
  ASSERT_OK(embedded);
  ASSERT_OK(folder);
  ASSERT_EQ(embedded->size(), folder->size());
  for (size_t i = 0; i < folder->size(); ++i) {
    EXPECT_EQ((*embedded)[i].file, (*folder)[i].file);
    EXPECT_EQ((*embedded)[i].checksum, (*folder)[i].checksum);
  }
}

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name) { std::ofstream(folder_ / name) << kText; }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("otpgate_sql_") +
       ::testing::UnitTest::GetInstance()->current_test_info()->name() + std::to_string(getpid()));
};

TEST_F(FolderTest, ReadsSqlFilesOnly) {
  Write("V002__b.sql");
  Write("V001__a.sql");
  Write("README.md");
  const auto migrations = MigrationsInFolder(folder_);
  ASSERT_OK(migrations);
  ASSERT_EQ(migrations->size(), 2u);
  EXPECT_EQ((*migrations)[1].name, "b");
}

TEST_F(FolderTest, ABadOrMissingFileIsRefused) {
  EXPECT_THAT(MigrationsInFolder(folder_), support::StatusIs(absl::StatusCode::kInvalidArgument));
  Write("V002__b.sql");
  EXPECT_THAT(MigrationsInFolder(folder_), support::StatusIs(absl::StatusCode::kInvalidArgument));
  Write("V001__a.sql");
  EXPECT_OK(MigrationsInFolder(folder_));
  Write("stray.sql");
  EXPECT_THAT(MigrationsInFolder(folder_), support::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(FolderTest, AFolderThatIsNotThereIsTold) {
  EXPECT_THAT(MigrationsInFolder(folder_ / "none"), support::StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace otpgate::migrator
