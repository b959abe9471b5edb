#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "tests/support/pg_store_fixture.h"
#include "tests/support/tcp_proxy.h"

// Writes whose connection is lost, at every message of the protocol.
namespace otpgate::storage::postgres {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

constexpr absl::Duration kLong = absl::Hours(1);

class LostWriteTest : public support::PgTest {
 protected:
  LostWriteTest() {
    // The server must not end a transaction whose COMMIT the proxy holds.
    database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() +
                    " SET idle_in_transaction_session_timeout = '60s'");
  }

  // A store behind the proxy that has loaded `key_` and prepared the statement it writes with.
  std::unique_ptr<PgSubjectStore> NewStore() { return NewStore(proxy_); }
  std::unique_ptr<PgSubjectStore> NewStore(support::TcpProxy& proxy) {
    auto store = std::make_unique<PgSubjectStore>(
        pg::ConnectionOptions{
            .connection_string = database_.Via(proxy.port(), support::PgRole::kApp),
            .answer_watch = &answer_watch_},
        clock_);
    loaded_ = LoadOne(*store, key_);
    EXPECT_OK(
        Write(*store, conformance::NextChange(key_, loaded_, random_), absl::InfiniteDuration()));
    loaded_ = LoadOne(*store, key_);
    return store;
  }
  Change<Subject> Next() { return conformance::NextChange(key_, loaded_, random_); }

  absl::StatusOr<std::vector<bool>> Write(PgSubjectStore& store, const Change<Subject>& change,
                                          absl::Duration valid_for) {
    return store.Write({change}, clock_.Now() + valid_for);
  }
  // The version in the database once no other connection is left.
  Version VersionInTheEnd() {
    const char* others =
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'otpgate_app'"
        " AND datname = current_database()";
    for (int i = 0; i < 10'000 && database_.Value(others) != "0"; ++i) std::this_thread::yield();
    EXPECT_EQ(database_.Value(others), "0");
    return VersionNow();
  }
  Version VersionNow() {
    PgSubjectStore direct(Options(), clock_);
    return LoadOne(direct, key_).version;
  }

  struct Accident {
    support::Direction direction;
    support::ProxyAction action;
  };

  // Causes the accident at message `number` of a write. The answer must fit the state of the
  // database afterwards. False: the write had fewer messages.
  bool Judge(const Accident& accident, int number, absl::Duration valid_for) {
    support::TcpProxy proxy(support::SharedPgCluster().SocketPath(), support::Framing::kPostgres);
    auto store = NewStore(proxy);
    const auto rule =
        proxy.Add({.direction = accident.direction, .action = accident.action, .number = number});
    const Change<Subject> change = Next();
    const auto won = Write(*store, change, valid_for);
    store.reset();
    const bool done = VersionInTheEnd() == change.version;
    if (won.ok()) {
      EXPECT_THAT(*won, ElementsAre(true));
      EXPECT_TRUE(done);
    } else {
      EXPECT_THAT(won, AnyOf(support::StatusIs(absl::StatusCode::kUnavailable),
                             support::StatusIs(absl::StatusCode::kUnknown)));
      EXPECT_TRUE(!done || absl::IsUnknown(won.status())) << won.status();
    }
    return rule->fired();
  }

  // Longer than any statement here takes, unless the machine itself stalls.
  AnswerWatch answer_watch_{absl::Seconds(3), clock_};
  const SubjectKey key_ = conformance::SampleSubject(1);
  support::TcpProxy proxy_{support::SharedPgCluster().SocketPath(), support::Framing::kPostgres};
  Row<Subject> loaded_;
};

// I6: a write that is not known to be committed is never reported as a success, and one that was
// committed never as undone.
TEST_F(LostWriteTest, I6_CutAtEveryMessage) {
  constexpr Accident kAccidents[] = {
      {support::Direction::kToServer, support::ProxyAction::kCut},
      {support::Direction::kToServer, support::ProxyAction::kForwardThenCut},
      {support::Direction::kToClient, support::ProxyAction::kCut}};
  for (const Accident& accident : kAccidents) {
    for (absl::Duration valid_for : {absl::InfiniteDuration(), kLong}) {
      int number = 1;
      while (number < 50 && Judge(accident, number, valid_for)) ++number;
      EXPECT_GT(number, 4);  // there were messages to cut
      EXPECT_LT(number, 50);
    }
  }
}

TEST_F(LostWriteTest, I2_TheCommitThatNeverArrivedDidNothing) {
  auto store = NewStore();
  const auto lost = proxy_.Add({.match = support::PgQuery("COMMIT")});
  EXPECT_THAT(Write(*store, Next(), kLong), support::StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  store.reset();
  EXPECT_EQ(VersionInTheEnd(), loaded_.version);
}

TEST_F(LostWriteTest, I2_TheCommitWhoseAnswerIsLostWasDone) {
  auto store = NewStore();
  const auto lost =
      proxy_.Add({.direction = support::Direction::kToClient, .match = support::PgDone("COMMIT")});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, kLong), support::StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  const Row<Subject> row = LoadOne(*store, key_);  // on a new connection
  EXPECT_EQ(row.version, change.version);
  EXPECT_EQ(row.previous, loaded_.version);
}

// The row is still as it was read while the COMMIT of the first attempt is held. A second attempt
// waits for its lock: only a second attempt that wins would prove that the first did not happen.
TEST_F(LostWriteTest, I2_TheCommitThatHangsIsNotPassed) {
  auto store = NewStore();
  const auto held = proxy_.Add(
      {.action = support::ProxyAction::kHoldAndCutClient, .match = support::PgQuery("COMMIT")});
  const auto done =
      proxy_.Add({.direction = support::Direction::kToClient, .match = support::PgDone("COMMIT")});
  const Change<Subject> first = Next();
  EXPECT_THAT(Write(*store, first, kLong), support::StatusIs(absl::StatusCode::kUnknown));
  EXPECT_EQ(LoadOne(*store, key_).version, loaded_.version);

  const Change<Subject> second = Next();
  EXPECT_THAT(Write(*store, second, kLong), support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  held->Release();
  ASSERT_TRUE(done->WaitFired());
  EXPECT_THAT(*Write(*store, second, kLong), ElementsAre(false));
  EXPECT_EQ(VersionNow(), first.version);
}

// The connection is open and no answer comes: a read did nothing, a commit may have happened.
TEST_F(LostWriteTest, I6_AnAnswerThatNeverComesIsNotWaitedForForEver) {
  auto store = NewStore();
  proxy_.Add(
      {.direction = support::Direction::kToClient, .action = support::ProxyAction::kSwallow});
  EXPECT_THAT(store->Load({SubjectAsk{key_, false, {}}}),
              support::StatusIs(absl::StatusCode::kUnavailable));
  store = NewStore();
  proxy_.Add(
      {.direction = support::Direction::kToClient, .action = support::ProxyAction::kSwallow});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, absl::InfiniteDuration()),
              support::StatusIs(absl::StatusCode::kUnknown));
  store.reset();
  EXPECT_EQ(VersionInTheEnd(), change.version);
}

TEST_F(LostWriteTest, I6_ACommitThatStallsEndsInDoubt) {
  auto store = NewStore();
  proxy_.Add({.direction = support::Direction::kToClient,
              .action = support::ProxyAction::kSwallow,
              .match = support::PgDone("COMMIT")});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, kLong), support::StatusIs(absl::StatusCode::kUnknown));
  EXPECT_EQ(LoadOne(*store, key_).version, change.version);  // on a new connection
}

TEST_F(LostWriteTest, I5_AServerThatRefusesIsUnavailableAndThenRecovers) {
  auto store = NewStore();
  proxy_.Refuse(true);
  proxy_.CutAll();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(store->Load({SubjectAsk{key_, false, {}}}),
                support::StatusIs(absl::StatusCode::kUnavailable));
  }
  EXPECT_THAT(Write(*store, Next(), absl::InfiniteDuration()),
              support::StatusIs(absl::StatusCode::kUnavailable));
  proxy_.Refuse(false);
  EXPECT_EQ(LoadOne(*store, key_).version, loaded_.version);
  EXPECT_THAT(*Write(*store, Next(), kLong), ElementsAre(true));
}

}  // namespace
}  // namespace otpgate::storage::postgres
