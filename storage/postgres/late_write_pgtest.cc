#include <gmock/gmock.h>

#include <functional>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/pg_store_fixture.h"

// Writes that wait for a row that another connection has locked.
namespace otpgate::storage::postgres {
namespace {

using ::testing::ElementsAre;

class LateWriteTest : public support::PgTest {
 protected:
  LateWriteTest() {
    const Change<Subject> change = conformance::SmallChange(key_, random_);
    EXPECT_OK(store_.Write({change}, absl::InfiniteFuture()));
  }

  // Loads, and locks the row from another connection, as psql would.
  void LoadAndHold() {
    const auto loaded = store_.Load({SubjectAsk{key_, false, {}}});
    ASSERT_OK(loaded);
    loaded_ = *loaded;
    ASSERT_OK(holder_.Begin());
    ASSERT_OK(Ask(holder_, "UPDATE subjects SET failures = failures"));
  }

  // Writes in another thread; once that waits for the row, runs `meanwhile` and unlocks the row.
  absl::StatusOr<std::vector<bool>> WriteWhileHeld(absl::Duration valid_for,
                                                   const std::function<void()>& meanwhile) {
    absl::StatusOr<std::vector<bool>> won;
    Change<Subject> change = conformance::NextChange(key_, loaded_.rows[0], random_);
    std::thread writer([&] { won = store_.Write({change}, loaded_.now + valid_for); });
    const std::string waits = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted";
    for (int i = 0; i < 10'000 && database_.Value(waits) != "t"; ++i) {
    }
    EXPECT_EQ(database_.Value(waits), "t");
    meanwhile();
    holder_.Rollback();
    writer.join();
    return won;
  }

  std::string Requests() { return database_.Value("SELECT count(*) FROM requests"); }

  const SubjectKey key_ = conformance::SampleSubject(1);
  support::FakeClock steady_;
  PgSubjectStore store_{WithoutTimeouts(), steady_};
  StoreConnection holder_{{.connection_string = database_.Socket(support::PgRole::kSuperuser)}};
  Loaded<Subject> loaded_;

 private:
  // `steady_` is the clock of these tests, so the server's timeouts must not end the wait.
  pg::ConnectionOptions WithoutTimeouts() {
    database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() +
                    " SET lock_timeout = '60s'");
    database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() +
                    " SET statement_timeout = '60s'");
    return Options();
  }
};

TEST_F(LateWriteTest, B3_WhatExpiredWhileItWaitedIsNotWritten) {
  LoadAndHold();
  const auto won = WriteWhileHeld(absl::Seconds(5), [this] { steady_.Advance(absl::Seconds(5)); });
  EXPECT_THAT(won, support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Requests(), "1");
  EXPECT_EQ(LoadOne(store_, key_).version, loaded_.rows[0].version);
}

TEST_F(LateWriteTest, B3_WhatIsStillValidAfterTheWaitIsWritten) {
  LoadAndHold();
  const auto won = WriteWhileHeld(
      absl::Seconds(5), [this] { steady_.Advance(absl::Seconds(5) - absl::Microseconds(1)); });
  EXPECT_THAT(*won, ElementsAre(true));
  EXPECT_EQ(Requests(), "2");
}

TEST_F(LateWriteTest, B3_ExpiredBeforeTheWriteIsNotWritten) {
  const auto loaded = store_.Load({SubjectAsk{key_, false, {}}});
  ASSERT_OK(loaded);
  const Change<Subject> change = conformance::NextChange(key_, loaded->rows[0], random_);
  EXPECT_THAT(store_.Write({change}, loaded->now),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Requests(), "1");
}

// Without a load there is no clock, so a write that may expire is refused.
TEST_F(LateWriteTest, B3_WithoutALoadNothingIsInTime) {
  PgSubjectStore other(Options(), steady_);
  const Change<Subject> change = conformance::SmallChange(conformance::SampleSubject(2), random_);
  EXPECT_THAT(other.Write({change}, absl::FromUnixSeconds(10'000'000'000)),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(LateWriteTest, AFrozenHolderEndsInDeadlineExceeded) {
  database_.Query("ALTER ROLE otpgate_app IN DATABASE " + database_.name() +
                  " SET lock_timeout = '200ms'");
  PgSubjectStore impatient(Options(), steady_);
  LoadAndHold();
  const Change<Subject> change = conformance::NextChange(key_, loaded_.rows[0], random_);
  const absl::Duration before = clock_.Steady();
  EXPECT_THAT(impatient.Write({change}, absl::InfiniteFuture()),
              support::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_GE(clock_.Steady() - before, absl::Milliseconds(200));
  EXPECT_EQ(Requests(), "1");
  holder_.Rollback();
  EXPECT_THAT(*impatient.Write({change}, absl::InfiniteFuture()), ElementsAre(true));
}

}  // namespace
}  // namespace otpgate::storage::postgres
