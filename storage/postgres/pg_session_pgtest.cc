#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/pg_store_fixture.h"

namespace otpgate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PgSessionTest : public PgTest {
 protected:
  std::string PidOf(PgSession& session) {
    const auto pid = Ask(session, "SELECT pg_backend_pid()");
    EXPECT_OK(pid);
    return pid.ok() ? pid->at(0) : "0";
  }
  void Terminate(const std::string& pid) {
    EXPECT_EQ(database_.Value("SELECT pg_terminate_backend(" + pid + ", 10000)"), "t");
  }

  PgSession session_{Options()};
};

TEST_F(PgSessionTest, KeepsOneConnection) {
  const std::string pid = PidOf(session_);
  EXPECT_OK(session_.Connect());
  EXPECT_EQ(PidOf(session_), pid);
  session_.Drop();
  EXPECT_NE(PidOf(session_), pid);
}

TEST_F(PgSessionTest, L4_AnUnreachableServerIsUnavailableAndNotNamed) {
  PgSession nowhere({.connection = "host=/nowhere/secret dbname=hidden"});
  const absl::Status status = nowhere.Connect();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hidden")));
  EXPECT_EQ(status.message(), "connect: No such file or directory");
}

TEST_F(PgSessionTest, SaysWhyItIsNotLetIn) {
  PgSession nobody({.connection = Options().connection + " user=nobody_here"});
  EXPECT_EQ(nobody.Connect().message(), "connect: FATAL:  role \"nobody_here\" does not exist");
}

TEST_F(PgSessionTest, I5_ASessionThatEndedWhileItWasIdleIsReplaced) {
  const std::string pid = PidOf(session_);
  Terminate(pid);
  EXPECT_NE(PidOf(session_), pid);
}

TEST_F(PgSessionTest, ATransactionDoesNotOutliveItsConnection) {
  ASSERT_OK(session_.Begin());
  const std::string pid = PidOf(session_);
  Terminate(pid);
  EXPECT_THAT(Ask(session_, "SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(session_.Commit(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PgSessionTest, AConnectionLostAtCommitLeavesTheOutcomeUnknown) {
  ASSERT_OK(session_.Begin());
  Terminate(PidOf(session_));
  EXPECT_THAT(session_.Commit(), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_OK(Ask(session_, "SELECT 1"));
}

constexpr char kInsert[] = "INSERT INTO limits VALUES ('ip:192.0.2.1/32', 1, 0, now(), now())";

TEST_F(PgSessionTest, AFailureEndsTheTransactionAndKeepsTheConnection) {
  const std::string pid = PidOf(session_);
  ASSERT_OK(session_.Begin());
  ASSERT_OK(Ask(session_, kInsert));
  EXPECT_THAT(Ask(session_, "SELECT 1 / 0"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(*Ask(session_, "SELECT count(*) FROM limits"), ElementsAre("0"));
  EXPECT_EQ(PidOf(session_), pid);
}

TEST_F(PgSessionTest, CommitAndRollbackDoWhatTheySay) {
  ASSERT_OK(session_.Begin());
  ASSERT_OK(Ask(session_, kInsert));
  session_.Rollback();
  EXPECT_EQ(database_.Value("SELECT count(*) FROM limits"), "0");
  ASSERT_OK(session_.Begin());
  ASSERT_OK(Ask(session_, kInsert));
  ASSERT_OK(session_.Commit());
  EXPECT_EQ(database_.Value("SELECT count(*) FROM limits"), "1");
}

TEST_F(PgSessionTest, PreparesByNameAndNothingWhenSwitchedOff) {
  const std::string count = "SELECT count(*) FROM pg_prepared_statements";
  EXPECT_THAT(*Ask(session_, count), ElementsAre("1"));
  PgOptions options = Options();
  options.prepared_statements = false;
  PgSession unnamed(options);
  EXPECT_THAT(*Ask(unnamed, count), ElementsAre("0"));
}

TEST_F(PgSessionTest, TellsHowLongStatementsTookByTheirNames) {
  std::vector<std::string> told;
  PgOptions options = Options();
  options.on_statement = [&told](absl::string_view name, absl::Duration took) {
    told.emplace_back(name);
    EXPECT_GT(took, absl::ZeroDuration());
  };
  PgSession session(options);
  const auto run = [&session](const Statement& statement) {
    return session.Run(statement, {}, [](RowReader&) {});
  };
  ASSERT_OK(session.Begin());
  ASSERT_OK(run({"one", "SELECT 1"}));
  ASSERT_OK(session.Commit());
  EXPECT_THAT(run({"bad", "SELECT 1 / 0"}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(told, ElementsAre("BEGIN", "one", "COMMIT", "bad"));
}

TEST_F(PgSessionTest, SqlThatDoesNotFitTheSchemaShowsWhenItConnects) {
  const Statement bad{"bad_statement", "SELECT absent FROM subjects"};
  PgSession session(Options(), {&bad});
  const absl::Status status = session.Connect();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(status.message(), "bad_statement: SQLSTATE 42703");
}

TEST_F(PgSessionTest, AnAnswerThatIsNotUnderstoodIsNoSuccess) {
  const Statement text{"text", "SELECT 'x'"};
  const auto read = [](RowReader& row) { row.Int64(); };
  EXPECT_THAT(session_.Run(text, {}, read), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(session_.Run(text, {}, read, OnLoss::kInDoubt), StatusIs(absl::StatusCode::kUnknown));
}

TEST(PgSessionRestartTest, I3_RecoversByItselfWhenTheServerComesBack) {
  const auto cluster = PgCluster::Start();
  ASSERT_OK(cluster);
  const TestDatabase database(**cluster);
  PgSession session({.connection = database.Socket(PgRole::kApp)});
  const auto ping = [&session] { return session.Run({"ping", "SELECT 1"}, {}, [](RowReader&) {}); };
  ASSERT_OK(ping());
  (*cluster)->KillPostmaster();
  // A backend outlives its postmaster until it notices.
  absl::Status status;
  for (int i = 0; i < 100'000 && status.ok(); ++i) status = ping();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ping(), StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK((*cluster)->Launch());
  EXPECT_OK(ping());
}

}  // namespace
}  // namespace otpgate::testing
