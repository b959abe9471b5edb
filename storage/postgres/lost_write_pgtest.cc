#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "tests/support/pg_store_fixture.h"
#include "tests/support/tcp_proxy.h"

// Writes whose connection is lost, at every message of the conversation.
namespace otpgate::testing {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

constexpr absl::Duration kLong = absl::Hours(1);

class LostWriteTest : public PgTest {
 protected:
  LostWriteTest() {
    // A transaction whose COMMIT is held shall hang, not be ended by the server.
    database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() +
                    " SET idle_in_transaction_session_timeout = '60s'");
  }

  // A store behind the proxy that has loaded `key_` and prepared the statement it writes with.
  std::unique_ptr<PgSubjectStore> NewStore() { return NewStore(proxy_); }
  std::unique_ptr<PgSubjectStore> NewStore(TcpProxy& proxy) {
    auto store = std::make_unique<PgSubjectStore>(
        PgOptions{.connection = database_.Via(proxy.port(), PgRole::kApp), .answers = &answers_},
        clock_);
    loaded_ = LoadOne(*store, key_);
    EXPECT_OK(Write(*store, NextChange(key_, loaded_, random_), absl::InfiniteDuration()));
    loaded_ = LoadOne(*store, key_);
    return store;
  }
  Change<Subject> Next() { return NextChange(key_, loaded_, random_); }

  absl::StatusOr<std::vector<bool>> Write(PgSubjectStore& store, const Change<Subject>& change,
                                          absl::Duration valid_for) {
    return store.Write({change}, clock_.Now() + valid_for);
  }
  // What the database says, once nobody works on it any more.
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
    Direction direction;
    ProxyAction action;
  };

  // Lets it happen at the how many-th message of a write. Then the answer must fit what the
  // database says. False: there were not so many messages.
  bool Judge(const Accident& accident, int number, absl::Duration valid_for) {
    TcpProxy proxy(SharedPgCluster().SocketPath(), Framing::kPostgres);
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
      EXPECT_THAT(won, AnyOf(StatusIs(absl::StatusCode::kUnavailable),
                             StatusIs(absl::StatusCode::kUnknown)));
      EXPECT_TRUE(!done || absl::IsUnknown(won.status())) << won.status();
    }
    return rule->fired();
  }

  // No statement here takes so long on a machine that is not frozen itself.
  AnswerWatch answers_{absl::Seconds(3), clock_};
  const SubjectKey key_ = SampleSubject(1);
  TcpProxy proxy_{SharedPgCluster().SocketPath(), Framing::kPostgres};
  Row<Subject> loaded_;
};

// I6: what is not known to be committed is never called a success, nor called undone when it is
// not.
TEST_F(LostWriteTest, I6_CutAtEveryMessage) {
  constexpr Accident kAccidents[] = {{Direction::kToServer, ProxyAction::kCut},
                                     {Direction::kToServer, ProxyAction::kForwardThenCut},
                                     {Direction::kToClient, ProxyAction::kCut}};
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
  const auto lost = proxy_.Add({.match = PgQuery("COMMIT")});
  EXPECT_THAT(Write(*store, Next(), kLong), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  store.reset();
  EXPECT_EQ(VersionInTheEnd(), loaded_.version);
}

TEST_F(LostWriteTest, I2_TheCommitWhoseAnswerIsLostWasDone) {
  auto store = NewStore();
  const auto lost = proxy_.Add({.direction = Direction::kToClient, .match = PgDone("COMMIT")});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, kLong), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_TRUE(lost->fired());
  const Row<Subject> row = LoadOne(*store, key_);  // on a new connection
  EXPECT_EQ(row.version, change.version);
  EXPECT_EQ(row.previous, loaded_.version);
}

// The row still looks as it was read while the first attempt hangs in its COMMIT. A second attempt
// cannot pass it: only winning the guard would prove the first one dead.
TEST_F(LostWriteTest, I2_TheCommitThatHangsIsNotPassed) {
  auto store = NewStore();
  const auto hangs =
      proxy_.Add({.action = ProxyAction::kHoldAndCutClient, .match = PgQuery("COMMIT")});
  const auto done = proxy_.Add({.direction = Direction::kToClient, .match = PgDone("COMMIT")});
  const Change<Subject> first = Next();
  EXPECT_THAT(Write(*store, first, kLong), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_EQ(LoadOne(*store, key_).version, loaded_.version);

  const Change<Subject> second = Next();
  EXPECT_THAT(Write(*store, second, kLong), StatusIs(absl::StatusCode::kDeadlineExceeded));
  hangs->Release();
  ASSERT_TRUE(done->WaitFired());
  EXPECT_THAT(*Write(*store, second, kLong), ElementsAre(false));
  EXPECT_EQ(VersionNow(), first.version);
}

// The connection stands, and nobody answers: what only reads did nothing, what commits may have.
TEST_F(LostWriteTest, I6_AnAnswerThatNeverComesIsNotWaitedForForEver) {
  auto store = NewStore();
  proxy_.Add({.direction = Direction::kToClient, .action = ProxyAction::kSwallow});
  EXPECT_THAT(store->Load({SubjectAsk{key_, false, {}}}), StatusIs(absl::StatusCode::kUnavailable));
  store = NewStore();
  proxy_.Add({.direction = Direction::kToClient, .action = ProxyAction::kSwallow});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, absl::InfiniteDuration()),
              StatusIs(absl::StatusCode::kUnknown));
  store.reset();
  EXPECT_EQ(VersionInTheEnd(), change.version);
}

TEST_F(LostWriteTest, I6_ACommitThatStallsEndsInDoubt) {
  auto store = NewStore();
  proxy_.Add({.direction = Direction::kToClient,
              .action = ProxyAction::kSwallow,
              .match = PgDone("COMMIT")});
  const Change<Subject> change = Next();
  EXPECT_THAT(Write(*store, change, kLong), StatusIs(absl::StatusCode::kUnknown));
  EXPECT_EQ(LoadOne(*store, key_).version, change.version);  // on a new connection
}

TEST_F(LostWriteTest, I5_AServerThatRefusesIsUnavailableAndThenRecovers) {
  auto store = NewStore();
  proxy_.Refuse(true);
  proxy_.CutAll();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(store->Load({SubjectAsk{key_, false, {}}}),
                StatusIs(absl::StatusCode::kUnavailable));
  }
  EXPECT_THAT(Write(*store, Next(), absl::InfiniteDuration()),
              StatusIs(absl::StatusCode::kUnavailable));
  proxy_.Refuse(false);
  EXPECT_EQ(LoadOne(*store, key_).version, loaded_.version);
  EXPECT_THAT(*Write(*store, Next(), kLong), ElementsAre(true));
}

}  // namespace
}  // namespace otpgate::testing
