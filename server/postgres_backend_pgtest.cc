#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "server/backend.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_database.h"

namespace otpgate {
namespace {

using ::otpgate::testing::PgRole;
using ::otpgate::testing::StatusIs;
using ::otpgate::testing::TempFolder;
using ::otpgate::testing::TestDatabase;
using ::testing::HasSubstr;

class PasswordTest : public ::testing::Test {
 protected:
  PasswordTest() {
    // Of all roles the cluster asks this one for a password, when it comes over TCP.
    EXPECT_OK(database_.Try("ALTER ROLE postgres PASSWORD 'it''s \\secret'"));
    config_.database.url = database_.Tcp(PgRole::kSuperuser);
  }
  ~PasswordTest() override { EXPECT_OK(database_.Try("ALTER ROLE postgres PASSWORD NULL")); }

  absl::Status CheckWith(const std::string& text) {
    config_.database.password_file = folder_.Write("password", text);
    const auto backend = MakePostgresBackend(config_, clock_);
    if (!backend.ok()) return backend.status();
    return (*backend)->Check();
  }

  const TempFolder folder_;
  const TestDatabase database_;
  const SystemClock clock_;
  Config config_;
};

TEST_F(PasswordTest, TheFirstLineOfTheFileIsSent) {
  EXPECT_OK(CheckWith("it's \\secret\n"));
  EXPECT_OK(CheckWith("it's \\secret\r\nsecond line\r\n"));
  EXPECT_THAT(CheckWith("it's \\secret \n"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PasswordTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(CheckWith("\n"), StatusIs(absl::StatusCode::kInvalidArgument));
}

// Rows would pile up, and only the log would tell. What may pass by itself ends no server.
TEST(PostgresBackendTest, J4_InProductionTheUserOfCleanupMustGetIn) {
  const auto cluster = testing::PgCluster::Start(
      {.fsync = true,
       .settings = {{"log_error_verbosity", "terse"}, {"log_parameter_max_length_on_error", "0"}}});
  ASSERT_OK(cluster);
  const TestDatabase database(**cluster);
  const SystemClock clock;
  Config config;
  config.environment = Environment::kProduction;
  config.database.url = database.Socket(PgRole::kApp);
  const auto check = [&] { return (*MakePostgresBackend(config, clock))->Check(); };
  EXPECT_OK(check());
  config.cleanup.user = "otpgate_nobody";
  const absl::Status refused = check();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("cleanup.user cannot be used (connect: "));
  config.cleanup.user = "otpgate_cleanup";
  database.Query(
      "DO $$ BEGIN EXECUTE format('ALTER ROLE otpgate_cleanup IN DATABASE %I SET statement_timeout"
      " = 0', current_database()); END $$");
  EXPECT_THAT(std::string(check().message()), HasSubstr("cleanup.user has no statement_timeout"));
  config.cleanup.enabled = false;
  EXPECT_OK(check());
}

}  // namespace
}  // namespace otpgate
