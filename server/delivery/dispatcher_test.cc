#include "server/delivery/dispatcher.h"

#include <gmock/gmock.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "tests/support/delivery_fixture.h"

namespace otpgate::delivery {
namespace {

using storage::memory::OutboxState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using support::DeliveryTest;
using support::FakeSender;

class DispatcherTest : public support::DeliveryTest {
 protected:
  DispatcherTest() {
    dispatch_.pace.poll = absl::Milliseconds(1);
    dispatch_.pace.retry = {.first = absl::Milliseconds(1), .longest = absl::Milliseconds(1)};
  }

  // Runs on the clock of the operating system; the database has its own.
  std::unique_ptr<Dispatcher> NewDispatcher(const std::unique_ptr<Server>& server) {
    return std::make_unique<Dispatcher>(
        Dispatcher::Parts{server->courier.get(), &system_clock_, &random_, &log_}, dispatch_);
  }
  // A provider that tells when it got this many letters.
  support::FakeSender::Behaviour TellAfter(int letters) {
    return [this, left = std::make_shared<std::atomic<int>>(letters)](const Letter&) {
      if (--*left == 0) got_all_.Notify();
      return SendResult{};
    };
  }

  const SystemClock system_clock_;
  Dispatcher::Options dispatch_;
  absl::Notification got_all_;
};

TEST_F(DispatcherTest, SendsWhatIsHandedInAndTellsTheOutboxBeforeItEnds) {
  const auto server = NewServer(TellAfter(1));
  const auto dispatcher = NewDispatcher(server);
  dispatcher->Start();
  const storage::MessageKey key = Request(1);
  dispatcher->Enqueue(key);
  got_all_.WaitForNotification();
  dispatcher->Stop();
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
  EXPECT_EQ(dispatcher->counts().sent, 1);
}

TEST_F(DispatcherTest, StopDoesNotWaitForTheEndOfAPause) {
  dispatch_.pace.pause = absl::Hours(1);
  const auto server = NewServer(TellAfter(2));
  const auto dispatcher = NewDispatcher(server);
  dispatcher->Start();
  dispatcher->Enqueue(Request(1));
  dispatcher->Enqueue(Request(2));
  dispatcher->Stop();
  EXPECT_EQ(dispatcher->counts().sent, 2);
}

TEST_F(DispatcherTest, FormsABatchOfWhatIsHandedInWhileItIsBusy) {
  absl::Notification busy;
  absl::Notification go_on;
  const auto server = NewServer([&](const Letter&) {
    if (!busy.HasBeenNotified()) {
      busy.Notify();
      go_on.WaitForNotification();
    }
    return SendResult{};
  });
  const auto dispatcher = NewDispatcher(server);
  dispatcher->Start();
  dispatcher->Enqueue(Request(0));
  busy.WaitForNotification();
  for (int n = 1; n <= 20; ++n) dispatcher->Enqueue(Request(n));
  go_on.Notify();
  dispatcher->Stop();
  EXPECT_THAT(mailbox_.Batches(), ElementsAre(1, 20));
}

// A provider that blocks over messages of another server must not outlast the leases of our own.
TEST_F(DispatcherTest, TellsWhatItSentBeforeItTakesOverMore) {
  const storage::MessageKey abandoned = Request(1);
  clock_.Advance(absl::Minutes(1));
  const storage::MessageKey mine = Request(2);
  std::atomic<bool> told = false;
  const auto server = NewServer([&](const Letter& letter) {
    if (letter.to == abandoned.identifier) {
      told = Row(mine).state == storage::memory::OutboxState::kSent;
      got_all_.Notify();
    }
    return SendResult{};
  });
  const auto dispatcher = NewDispatcher(server);
  dispatcher->Enqueue(mine);
  dispatcher->Start();
  got_all_.WaitForNotification();
  dispatcher->Stop();
  EXPECT_TRUE(told);
}

TEST_F(DispatcherTest, StopSendsAllThatWasHandedIn) {
  dispatch_.batch_max = 7;
  dispatch_.shutdown_grace = absl::Minutes(1);
  const auto server = NewServer();
  const auto dispatcher = NewDispatcher(server);
  for (int n = 0; n < 100; ++n) dispatcher->Enqueue(Request(n));
  dispatcher->Start();
  dispatcher->Stop();
  EXPECT_EQ(mailbox_.Letters().size(), 100u);
  for (const auto& row : database_.Messages())
    EXPECT_EQ(row.state, storage::memory::OutboxState::kSent);
  dispatcher->Enqueue(Request(101));
  dispatcher->Stop();
  EXPECT_EQ(mailbox_.Letters().size(), 100u) << "nothing after the end";
}

TEST_F(DispatcherTest, StopGivesUpAfterTheFarewell) {
  dispatch_.batch_max = 1;
  dispatch_.shutdown_grace = absl::ZeroDuration();
  const auto server = NewServer();
  const auto dispatcher = NewDispatcher(server);
  for (int n = 0; n < 100; ++n) dispatcher->Enqueue(Request(n));
  dispatcher->Stop();
  dispatcher->Start();
  dispatcher->Stop();
  EXPECT_THAT(mailbox_.Letters(), IsEmpty());
}

TEST_F(DispatcherTest, H1_FindsWhatNobodyHandedIn) {
  const storage::MessageKey key = Request(1);
  const auto server = NewServer(TellAfter(1));
  const auto dispatcher = NewDispatcher(server);
  dispatcher->Start();
  clock_.Advance(storage::kInitialLease);  // its server died
  got_all_.WaitForNotification();
  dispatcher->Stop();
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
  EXPECT_EQ(dispatcher->counts().taken_over, 1);
}

TEST_F(DispatcherTest, RecoversByItselfWhenTheOutboxWasAway) {
  const auto server = NewServer(TellAfter(1));
  server->faults.assign(5, {absl::StatusCode::kUnavailable, /*done=*/false});
  const auto dispatcher = NewDispatcher(server);
  const storage::MessageKey key = Request(1);
  dispatcher->Enqueue(key);
  dispatcher->Start();
  got_all_.WaitForNotification();
  dispatcher->Stop();
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kSent);
  const std::vector<std::string> lines = captured_.Lines();
  ASSERT_GE(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("OUTBOX_UNAVAILABLE"));
  EXPECT_THAT(lines[1], HasSubstr("OTP_MESSAGE_SENT"));
  EXPECT_THAT(lines[2], HasSubstr("OUTBOX_AVAILABLE"));
}

TEST_F(DispatcherTest, StopDoesNotWaitForAnOutboxThatIsAway) {
  dispatch_.shutdown_grace = absl::InfiniteDuration();
  const auto server = NewServer();
  server->faults.assign(1'000'000, {absl::StatusCode::kUnavailable, /*done=*/false});
  const auto dispatcher = NewDispatcher(server);
  const storage::MessageKey key = Request(1);
  dispatcher->Enqueue(key);
  dispatcher->Start();
  dispatcher->Stop();
  EXPECT_EQ(Row(key).state, storage::memory::OutboxState::kPending)
      << "for others, when the lease has ended";
}

TEST_F(DispatcherTest, KeepsNoMoreThanItMay) {
  dispatch_.waiting_max = 2;
  const auto server = NewServer();
  const auto dispatcher = NewDispatcher(server);
  for (int n = 0; n < 5; ++n) dispatcher->Enqueue(Request(n));
  EXPECT_EQ(dispatcher->counts().not_kept, 3);
  dispatcher->Start();
  dispatcher->Stop();
  EXPECT_EQ(mailbox_.Letters().size(), 2u);
}

}  // namespace
}  // namespace otpgate::delivery
