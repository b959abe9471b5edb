#include <gmock/gmock.h>

#include <thread>

#include "storage/postgres/guarded_write.h"
#include "storage/row_limits.h"
#include "tests/support/pg_store_fixture.h"
#include "tests/support/tcp_proxy.h"

// What the subject store promises beyond storage/conformance: pitfalls of batches on PostgreSQL.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;

class SubjectStoreTest : public support::PgTest {
 protected:
  static constexpr absl::Time kNoLimit = absl::InfiniteFuture();

  absl::StatusOr<std::vector<bool>> Write(const Change<Subject>& change,
                                          absl::Time valid_until = absl::InfiniteFuture()) {
    return store_.Write({change}, valid_until);
  }
  // The row counts of all tables, in one line.
  std::string RowCounts() {
    return database_.Value(R"sql(
SELECT concat_ws(' ', (SELECT count(*) FROM subjects), (SELECT count(*) FROM signup_otps),
       (SELECT count(*) FROM otp_sessions), (SELECT count(*) FROM users),
       (SELECT count(*) FROM identities), (SELECT count(*) FROM sessions),
       (SELECT count(*) FROM outbox), (SELECT count(*) FROM requests),
       (SELECT count(*) FROM audit_events)))sql");
  }
  std::vector<RequestKey> RequestsOf(const Change<Subject>& change) {
    std::vector<RequestKey> keys;
    for (const RequestRecord& record : change.effects.requests) keys.push_back(record.key);
    return keys;
  }

  PgSubjectStore store_{Options(), clock_};
};

TEST_F(SubjectStoreTest, WhatWasWrittenLoadsEqual) {
  for (const conformance::NamedChange& extreme : conformance::ExtremeChanges(random_)) {
    SCOPED_TRACE(extreme.name);
    const Change<Subject>& change = extreme.change;
    ASSERT_OK(Write(change));
    const Row<Subject> row = LoadOne(store_, change.key, RequestsOf(change));
    EXPECT_EQ(row.version, change.version);
    EXPECT_EQ(row.previous, change.expected);
    EXPECT_TRUE(conformance::InOrder(row.state) == conformance::InOrder(change.state));
  }
}

TEST_F(SubjectStoreTest, ALoserLeavesNothing) {
  Change<Subject> change = conformance::FullChange(conformance::SampleSubject(1), random_);
  change.expected = 5;
  ASSERT_OK(Write(change));  // nothing there: written
  const std::string before = RowCounts();
  Change<Subject> late = conformance::FullChange(conformance::SampleSubject(1), random_);
  late.expected = 5;  // not the version any more
  EXPECT_THAT(*Write(late), ElementsAre(false));
  late.expected = 0;
  EXPECT_THAT(*Write(late), ElementsAre(false));
  EXPECT_EQ(RowCounts(), before);
  EXPECT_EQ(LoadOne(store_, change.key).version, change.version);
}

TEST_F(SubjectStoreTest, AWinnerIsWrittenBesideALoser) {
  ASSERT_OK(Write(conformance::FullChange(conformance::SampleSubject(1), random_)));
  const Change<Subject> loser = conformance::FullChange(conformance::SampleSubject(1), random_);
  const Change<Subject> winner = conformance::FullChange(conformance::SampleSubject(2), random_);
  EXPECT_THAT(*store_.Write({loser, winner}, kNoLimit), ElementsAre(false, true));
  EXPECT_EQ(RowCounts(), "2 2 8 2 2 4 4 4 4");
}

// The same key twice must not become one write, even without CheckWrite.
TEST_F(SubjectStoreTest, OneKeyTwiceIsRefused) {
  const std::vector<Change<Subject>> twice = {
      conformance::SmallChange(conformance::SampleSubject(1), random_),
      conformance::SmallChange(conformance::SampleSubject(1), random_)};
  EXPECT_THAT(store_.Write(twice, kNoLimit), support::StatusIs(absl::StatusCode::kInvalidArgument));
  SubjectWrite write;
  write.Fill(twice);
  StoreConnection connection(Options());
  EXPECT_THAT(
      WriteGuarded(connection, write.statement(), write.params(), LoadedClock(clock_), kNoLimit),
      support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(RowCounts(), "0 0 0 0 0 0 0 0 0");
}

// The upsert inserts the removed row again, which is harmless: it writes the whole state.
TEST_F(SubjectStoreTest, ARowRemovedSinceTheLoadIsWrittenWhole) {
  ASSERT_OK(Write(conformance::FullChange(conformance::SampleSubject(1), random_)));
  const Row<Subject> row = LoadOne(store_, conformance::SampleSubject(1));
  database_.Query("DELETE FROM subjects");
  const Change<Subject> next = conformance::NextChange(conformance::SampleSubject(1), row, random_);
  EXPECT_THAT(*Write(next), ElementsAre(true));
  const Row<Subject> again = LoadOne(store_, conformance::SampleSubject(1), RequestsOf(next));
  EXPECT_EQ(again.version, next.version);
  EXPECT_TRUE(conformance::InOrder(again.state) == conformance::InOrder(next.state));
}

TEST_F(SubjectStoreTest, OnlyCodesThatChangedAreWritten) {
  ASSERT_OK(Write(conformance::FullChange(conformance::SampleSubject(1), random_)));
  const std::string untouched =
      "SELECT string_agg(purpose, ' ' ORDER BY purpose) FROM otp_sessions"
      " WHERE xmin::text::bigint < (SELECT max(xmin::text::bigint)"
      " FROM subjects)";
  EXPECT_EQ(database_.Value(untouched), "");
  const Row<Subject> row = LoadOne(store_, conformance::SampleSubject(1));
  Change<Subject> next = conformance::NextChange(conformance::SampleSubject(1), row, random_);
  for (Code& code : next.state.codes) {
    if (code.purpose == Purpose::kVerifyPhone) ++code.attempts;
  }
  ASSERT_OK(Write(next));
  EXPECT_EQ(database_.Value(untouched), "login verification verify_email");
}

// The statements of a load have different snapshots, but the result is of one moment.
TEST_F(SubjectStoreTest, G3_ARequestRecordedDuringALoadComesWithTheStateItLeft) {
  const SubjectKey key = conformance::SampleSubject(1);
  ASSERT_OK(Write(conformance::SmallChange(key, random_)));
  const Change<Subject> next = conformance::NextChange(key, LoadOne(store_, key), random_);
  support::TcpProxy proxy(support::SharedPgCluster().SocketPath(), support::Framing::kPostgres);
  PgSubjectStore reader(pg::ConnectionOptions{.connection_string = database_.Via(
                                                  proxy.port(), support::PgRole::kApp)},
                        clock_);
  LoadOne(reader, key);  // prepares the statements
  const auto between =
      proxy.Add({.action = support::ProxyAction::kHold, .match = support::Holds("load_requests")});
  Row<Subject> row;
  std::thread load([&] { row = LoadOne(reader, key, RequestsOf(next)); });
  EXPECT_TRUE(between->WaitFired());
  EXPECT_THAT(*Write(next), ElementsAre(true));
  between->Release();
  load.join();
  EXPECT_EQ(row.version, next.version);
  EXPECT_EQ(row.state.requests.size(), 1u);
}

// Rows whose guarded row is absent are ignored.
TEST_F(SubjectStoreTest, WithoutItsGuardASubjectIsEmpty) {
  const Change<Subject> change = conformance::FullChange(conformance::SampleSubject(1), random_);
  ASSERT_OK(Write(change));
  database_.Query("DELETE FROM subjects");
  const Row<Subject> row = LoadOne(store_, change.key, RequestsOf(change));
  EXPECT_EQ(row.version, 0);
  EXPECT_TRUE(row.state == SubjectState());
}

TEST_F(SubjectStoreTest, TheClockIsTheServers) {
  const auto loaded = store_.Load({SubjectAsk{conformance::SampleSubject(1), false, {}}});
  ASSERT_OK(loaded);
  EXPECT_EQ(absl::FromUnixMicros(absl::ToUnixMicros(loaded->now)), loaded->now);
  const std::string since = "SELECT clock_timestamp() - to_timestamp(" +
                            std::to_string(absl::ToUnixMicros(loaded->now)) +
                            "::numeric / 1000000) BETWEEN '0' AND '1 minute'";
  EXPECT_EQ(database_.Value(since), "t");
}

TEST_F(SubjectStoreTest, WithoutPreparedStatementsItIsTheSame) {
  pg::ConnectionOptions options = Options();
  options.prepared_statements = false;
  PgSubjectStore unnamed(options, clock_);
  const Change<Subject> change = conformance::FullChange(conformance::SampleSubject(1), random_);
  EXPECT_THAT(*unnamed.Write({change}, kNoLimit), ElementsAre(true));
  EXPECT_TRUE(conformance::InOrder(LoadOne(unnamed, change.key, RequestsOf(change)).state) ==
              conformance::InOrder(change.state));
}

// Servers that write the same subjects in different orders neither deadlock nor lose a write.
TEST_F(SubjectStoreTest, I5_ManyServersNeitherDeadlockNorLoseAWrite) {
  constexpr int kServers = 4;
  constexpr int kRounds = 20;  // times kServers stays below the limit of failures
  constexpr int kSubjects = 12;
  std::vector<int> wins(kSubjects);
  absl::Mutex mu;
  std::vector<std::thread> servers;
  for (int server = 0; server < kServers; ++server) {
    servers.emplace_back([&, server] {
      support::SeededRandom random(100 + server);
      PgSubjectStore store(Options(), clock_);
      for (int round = 0; round < kRounds; ++round) {
        std::vector<SubjectAsk> asks;
        for (int i = 0; i < kSubjects; ++i) {
          asks.push_back(
              {conformance::SampleSubject((i * 5 + server + round) % kSubjects), false, {}});
        }
        const auto loaded = store.Load(asks);
        ASSERT_OK(loaded);
        std::vector<Change<Subject>> changes;
        for (int i = 0; i < kSubjects; ++i) {
          changes.push_back(conformance::NextChange(asks[i].key, loaded->rows[i], random));
          ++changes.back().state.failures;
        }
        const auto won = store.Write(changes, kNoLimit);
        ASSERT_OK(won);
        absl::MutexLock lock(&mu);
        for (int i = 0; i < kSubjects; ++i) {
          wins[(i * 5 + server + round) % kSubjects] += (*won)[i];
        }
      }
    });
  }
  for (std::thread& server : servers) server.join();
  for (int i = 0; i < kSubjects; ++i) {
    EXPECT_EQ(LoadOne(store_, conformance::SampleSubject(i)).state.failures, wins[i]) << i;
    EXPECT_GE(wins[i], kRounds);  // in every round somebody wins
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
