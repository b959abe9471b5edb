// The proxy between libpq and PostgreSQL: all ways in which a COMMIT can be lost.
#include <gtest/gtest.h>

#include <thread>

#include "migrations/migrator/connection.h"
#include "tests/support/status_matchers.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/test_database.h"

namespace otpgate::support {
namespace {

class PgProxyTest : public ::testing::Test {
 protected:
  PgProxyTest() { EXPECT_OK(database_.Try("CREATE TABLE done (a int)")); }

  // Does not try encryption: the end of that attempt could be counted late.
  std::unique_ptr<pg::Connection> Connect() {
    auto connection = migrator::Connect(database_.Via(proxy_.port(), PgRole::kSuperuser) +
                                        " sslmode=disable gssencmode=disable"
                                        " application_name=proxied");
    EXPECT_OK(connection);
    return *std::move(connection);
  }
  // Sends BEGIN, a query for the transaction id, INSERT, and COMMIT.
  static absl::Status Commit(pg::Connection& connection) {
    migrator::Transaction transaction(connection);
    EXPECT_OK(transaction.Begin());
    EXPECT_OK(connection.Run("insert", "INSERT INTO done VALUES (1)"));
    return transaction.Commit();
  }
  std::string Done() { return database_.Value("SELECT count(*) FROM done"); }
  // Ends the backends behind the proxy with their transactions.
  void WaitForServerEnd() {
    database_.Query(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  // Counts only the backend behind the proxy: that of the query before may not have ended yet.
  void WaitUntilItEnded() {
    const char* proxied =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'proxied'";
    std::string left;
    for (int i = 0; i < 10'000 && (left = database_.Value(proxied)) != "0"; ++i) {
      std::this_thread::yield();
    }
    EXPECT_EQ(left, "0");
  }

  TestDatabase database_{TestDatabase::Schema::kEmpty};
  TcpProxy proxy_{SharedPgCluster().SocketPath(), Framing::kPostgres};
};

TEST_F(PgProxyTest, StatementsPassAndAreCounted) {
  auto connection = Connect();
  const int64_t before = proxy_.Messages(Direction::kToServer);
  EXPECT_OK(Commit(*connection));
  EXPECT_EQ(proxy_.Messages(Direction::kToServer) - before, 4);
  EXPECT_EQ(Done(), "1");
}

TEST_F(PgProxyTest, SslIsAskedForAndRefused) {
  const auto asks = proxy_.Add({.action = ProxyAction::kHold, .match = Holds("")});
  asks->Release();
  EXPECT_OK(
      migrator::Connect(database_.Via(proxy_.port(), PgRole::kSuperuser) + " sslmode=prefer"));
  EXPECT_TRUE(asks->fired());
  EXPECT_THAT(
      migrator::Connect(database_.Via(proxy_.port(), PgRole::kSuperuser) + " sslmode=require"),
      StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PgProxyTest, TheCommitIsLostOnItsWay) {
  auto connection = Connect();
  const auto lost = proxy_.Add({.match = PgQuery("COMMIT")});
  EXPECT_THAT(Commit(*connection), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  WaitForServerEnd();
  EXPECT_EQ(Done(), "0");
}

TEST_F(PgProxyTest, TheAnswerToTheSecondCommitIsLost) {
  auto connection = Connect();
  const auto lost =
      proxy_.Add({.direction = Direction::kToClient, .number = 2, .match = PgDone("COMMIT")});
  EXPECT_OK(Commit(*connection));
  EXPECT_THAT(Commit(*connection), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  EXPECT_EQ(Done(), "2");  // the answer of the server was on its way, so it has committed
}

TEST_F(PgProxyTest, TheCommitArrivesAndTheConnectionIsLost) {
  auto connection = Connect();
  const auto lost =
      proxy_.Add({.action = ProxyAction::kForwardThenCut, .match = PgQuery("COMMIT")});
  EXPECT_THAT(Commit(*connection), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  WaitUntilItEnded();  // the server executes it, and then notices the cut
  EXPECT_EQ(Done(), "1");
}

TEST_F(PgProxyTest, TheCommitHangsAndIsDoneLater) {
  auto connection = Connect();
  const auto hangs =
      proxy_.Add({.action = ProxyAction::kHoldAndCutClient, .match = PgQuery("COMMIT")});
  const auto done = proxy_.Add({.direction = Direction::kToClient, .match = PgDone("COMMIT")});
  EXPECT_THAT(Commit(*connection), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_EQ(Done(), "0");
  EXPECT_EQ(
      database_.Value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND state = 'idle in transaction'"),
      "1");
  hangs->Release();
  ASSERT_TRUE(done->WaitFired());
  EXPECT_EQ(Done(), "1");
}

TEST_F(PgProxyTest, AHeldCommitIsAnsweredAfterItsRelease) {
  auto connection = Connect();
  const auto held = proxy_.Add({.action = ProxyAction::kHold, .match = PgQuery("COMMIT")});
  absl::Status committed;
  std::thread client([&] { committed = Commit(*connection); });
  ASSERT_TRUE(held->WaitFired());
  EXPECT_EQ(Done(), "0");
  held->Release();
  client.join();
  EXPECT_OK(committed);
  EXPECT_EQ(Done(), "1");
}

TEST_F(PgProxyTest, ASwallowedStatementHangsUntilTheConnectionIsCut) {
  auto connection = Connect();
  const auto swallowed = proxy_.Add({.action = ProxyAction::kSwallow, .match = Holds("INSERT")});
  absl::Status inserted;
  std::thread client([&] { inserted = connection->Run("insert", "INSERT INTO done VALUES (1)"); });
  ASSERT_TRUE(swallowed->WaitFired());
  proxy_.CutAll();
  client.join();
  EXPECT_THAT(inserted, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Done(), "0");
}

// BEGIN, INSERT and COMMIT are one message each to the server, and two (done, ready) each back.
struct Cut {
  Direction direction;
  int messages;
  int done_from;  // from this message on, a loss does not undo the COMMIT
};

TEST_F(PgProxyTest, CutAtEveryMessageOfATransaction) {
  for (const Cut& cut : {Cut{Direction::kToServer, 3, 4}, Cut{Direction::kToClient, 6, 5}}) {
    for (int k = 1; k <= cut.messages; ++k) {
      ASSERT_OK(database_.Try("TRUNCATE done"));
      auto connection = Connect();
      const auto rule = proxy_.Add({.direction = cut.direction, .number = k});
      absl::Status status = connection->Run("begin", "BEGIN");
      if (status.ok()) status = connection->Run("insert", "INSERT INTO done VALUES (1)");
      if (status.ok()) status = connection->Run("commit", "COMMIT");
      EXPECT_TRUE(rule->fired());
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
      WaitForServerEnd();
      EXPECT_EQ(Done(), k >= cut.done_from ? "1" : "0") << k;
    }
  }
}

}  // namespace
}  // namespace otpgate::support
