#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "server/app/backend.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_database.h"

namespace otpgate::app {
namespace {

using ::otpgate::support::StatusIs;
using support::PgRole;
using support::TempFolder;
using support::TestDatabase;
using ::testing::HasSubstr;

class PasswordTest : public ::testing::Test {
 protected:
  PasswordTest() {
    // The cluster asks only this role for a password, and only over TCP.
    EXPECT_OK(database_.Try("ALTER ROLE postgres PASSWORD 'it''s \\secret'"));
    config_.database.postgres.connection_string = database_.Tcp(support::PgRole::kSuperuser);
  }
  ~PasswordTest() override { EXPECT_OK(database_.Try("ALTER ROLE postgres PASSWORD NULL")); }

  absl::Status CheckWith(const std::string& text) {
    config_.database.password_file = folder_.Write("password", text);
    const auto backend = MakePostgresBackend(config_, clock_);
    if (!backend.ok()) return backend.status();
    return (*backend)->Check();
  }

  const support::TempFolder folder_;
  const support::TestDatabase database_;
  const SystemClock clock_;
  config::Config config_;
};

TEST_F(PasswordTest, TheFirstLineOfTheFileIsSent) {
  EXPECT_OK(CheckWith("it's \\secret\n"));
  EXPECT_OK(CheckWith("it's \\secret\r\nsecond line\r\n"));
  EXPECT_THAT(CheckWith("it's \\secret \n"), support::StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PasswordTest, AnEmptyFileIsRefused) {
  EXPECT_THAT(CheckWith("\n"), support::StatusIs(absl::StatusCode::kInvalidArgument));
}

// Without its cleanup user rows would pile up, and only the log would say so. A problem that may
// pass by itself must not end the server.
TEST(PostgresBackendTest, J4_InProductionTheUserOfCleanupMustGetIn) {
  const auto cluster = support::PgCluster::Start(
      {.fsync = true,
       .settings = {{"log_error_verbosity", "terse"}, {"log_parameter_max_length_on_error", "0"}}});
  ASSERT_OK(cluster);
  const support::TestDatabase database(**cluster);
  const SystemClock clock;
  config::Config config;
  config.environment = config::Environment::kProduction;
  config.database.postgres.connection_string = database.Socket(support::PgRole::kApp);
  const auto check = [&] { return (*MakePostgresBackend(config, clock))->Check(); };
  EXPECT_OK(check());
  config.cleanup.user = "otpgate_nobody";
  const absl::Status refused = check();
  EXPECT_THAT(refused, support::StatusIs(absl::StatusCode::kUnavailable));
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
}  // namespace otpgate::app
