#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/pg_store_fixture.h"

namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class StoreConnectionTest : public support::PgTest {
 protected:
  std::string PidOf(StoreConnection& connection) {
    const auto pid = Ask(connection, "SELECT pg_backend_pid()");
    EXPECT_OK(pid);
    return pid.ok() ? pid->at(0) : "0";
  }
  void Terminate(const std::string& pid) {
    EXPECT_EQ(database_.Value("SELECT pg_terminate_backend(" + pid + ", 10000)"), "t");
  }

  StoreConnection connection_{Options()};
};

TEST_F(StoreConnectionTest, KeepsOneConnection) {
  const std::string pid = PidOf(connection_);
  EXPECT_OK(connection_.Connect());
  EXPECT_EQ(PidOf(connection_), pid);
  connection_.Drop();
  EXPECT_NE(PidOf(connection_), pid);
}

TEST_F(StoreConnectionTest, L4_AnUnreachableServerIsUnavailableAndNotNamed) {
  StoreConnection nowhere({.connection_string = "host=/nowhere/secret dbname=hidden"});
  const absl::Status status = nowhere.Connect();
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hidden")));
  EXPECT_EQ(status.message(), "connect: No such file or directory");
}

TEST_F(StoreConnectionTest, SaysWhyItIsNotLetIn) {
  StoreConnection nobody({.connection_string = Options().connection_string + " user=nobody_here"});
  EXPECT_EQ(nobody.Connect().message(), "connect: FATAL:  role \"nobody_here\" does not exist");
}

TEST_F(StoreConnectionTest, I5_AConnectionThatEndedWhileItWasIdleIsReplaced) {
  const std::string pid = PidOf(connection_);
  Terminate(pid);
  EXPECT_NE(PidOf(connection_), pid);
}

TEST_F(StoreConnectionTest, ATransactionDoesNotOutliveItsConnection) {
  ASSERT_OK(connection_.Begin());
  const std::string pid = PidOf(connection_);
  Terminate(pid);
  EXPECT_THAT(Ask(connection_, "SELECT 1"), support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(connection_.Commit(), support::StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(StoreConnectionTest, AConnectionLostAtCommitLeavesTheOutcomeUnknown) {
  ASSERT_OK(connection_.Begin());
  Terminate(PidOf(connection_));
  EXPECT_THAT(connection_.Commit(), support::StatusIs(absl::StatusCode::kUnknown));
  EXPECT_OK(Ask(connection_, "SELECT 1"));
}

constexpr char kInsert[] = "INSERT INTO limits VALUES ('ip:192.0.2.1/32', 1, 0, now(), now())";

TEST_F(StoreConnectionTest, AFailureEndsTheTransactionAndKeepsTheConnection) {
  const std::string pid = PidOf(connection_);
  ASSERT_OK(connection_.Begin());
  ASSERT_OK(Ask(connection_, kInsert));
  EXPECT_THAT(Ask(connection_, "SELECT 1 / 0"),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(*Ask(connection_, "SELECT count(*) FROM limits"), ElementsAre("0"));
  EXPECT_EQ(PidOf(connection_), pid);
}

TEST_F(StoreConnectionTest, CommitAndRollbackDoWhatTheySay) {
  ASSERT_OK(connection_.Begin());
  ASSERT_OK(Ask(connection_, kInsert));
  connection_.Rollback();
  EXPECT_EQ(database_.Value("SELECT count(*) FROM limits"), "0");
  ASSERT_OK(connection_.Begin());
  ASSERT_OK(Ask(connection_, kInsert));
  ASSERT_OK(connection_.Commit());
  EXPECT_EQ(database_.Value("SELECT count(*) FROM limits"), "1");
}

TEST_F(StoreConnectionTest, PreparesByNameAndNothingWhenSwitchedOff) {
  const std::string count = "SELECT count(*) FROM pg_prepared_statements";
  EXPECT_THAT(*Ask(connection_, count), ElementsAre("1"));
  pg::ConnectionOptions options = Options();
  options.prepared_statements = false;
  StoreConnection unnamed(options);
  EXPECT_THAT(*Ask(unnamed, count), ElementsAre("0"));
}

TEST_F(StoreConnectionTest, TellsHowLongStatementsTookByTheirNames) {
  std::vector<std::string> told;
  pg::ConnectionOptions options = Options();
  options.on_statement = [&told](absl::string_view name, absl::Duration took) {
    told.emplace_back(name);
    EXPECT_GT(took, absl::ZeroDuration());
  };
  StoreConnection connection(options);
  const auto run = [&connection](const Statement& statement) {
    return connection.Run(statement, {}, [](RowReader&) {});
  };
  ASSERT_OK(connection.Begin());
  ASSERT_OK(run({"one", "SELECT 1"}));
  ASSERT_OK(connection.Commit());
  EXPECT_THAT(run({"bad", "SELECT 1 / 0"}), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(told, ElementsAre("BEGIN", "one", "COMMIT", "bad"));
}

TEST_F(StoreConnectionTest, SqlThatDoesNotFitTheSchemaShowsWhenItConnects) {
  const Statement bad{"bad_statement", "SELECT absent FROM subjects"};
  StoreConnection connection(Options(), {&bad});
  const absl::Status status = connection.Connect();
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(status.message(), "bad_statement: SQLSTATE 42703");
}

TEST_F(StoreConnectionTest, AnAnswerThatIsNotUnderstoodIsNoSuccess) {
  const Statement text{"text", "SELECT 'x'"};
  const auto read = [](RowReader& row) { row.Int64(); };
  EXPECT_THAT(connection_.Run(text, {}, read), support::StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(connection_.Run(text, {}, read, pg::OnLoss::kInDoubt),
              support::StatusIs(absl::StatusCode::kUnknown));
}

TEST(StoreConnectionRestartTest, I3_RecoversByItselfWhenTheServerComesBack) {
  const auto cluster = support::PgCluster::Start();
  ASSERT_OK(cluster);
  const support::TestDatabase database(**cluster);
  StoreConnection connection({.connection_string = database.Socket(support::PgRole::kApp)});
  const auto ping = [&connection] {
    return connection.Run({"ping", "SELECT 1"}, {}, [](RowReader&) {});
  };
  ASSERT_OK(ping());
  (*cluster)->KillPostmaster();
  // A backend outlives its postmaster until it notices.
  absl::Status status;
  for (int i = 0; i < 100'000 && status.ok(); ++i) status = ping();
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ping(), support::StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK((*cluster)->Launch());
  EXPECT_OK(ping());
}

}  // namespace
}  // namespace otpgate::storage::postgres
