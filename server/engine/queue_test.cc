#include "server/engine/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "server/engine/engine.h"
#include "tests/support/fake_clock.h"

namespace otpgate::engine {
namespace {

using ::absl::StatusCode;
using support::FakeClock;
using ::testing::ElementsAre;

constexpr absl::Duration kWait = absl::Seconds(1);
constexpr absl::Duration kMoment = absl::Milliseconds(1);

// The part of rules that a queue needs. A command is its own key.
struct Keys {
  struct Aggregate {
    using Key = int;
  };
  using Command = int;
  using Reply = int;
  static int KeyOf(int command) { return command; }
};

// An engine with one worker that blocks in its first batch until the test releases it.
class HeldEngine {
 public:
  explicit HeldEngine(QueueLimits limits)
      : engine_(1, limits, clock_,
                [this](const Pause&) { return std::make_unique<HeldRunner>(*this); }) {
    Submit(0);
    entered_.WaitForNotification();
  }
  ~HeldEngine() {
    if (!gate_.HasBeenNotified()) gate_.Notify();
  }

  // Submits a command and returns its answer so far; UNKNOWN: it waits.
  StatusCode Submit(int key, Cancellation cancellation = {}) {
    auto answer = std::make_shared<StatusCode>(StatusCode::kUnknown);
    engine_.Submit(
        {.command = key,
         .answer = [answer](const absl::StatusOr<int>& got) { *answer = got.status().code(); },
         .cancellation = std::move(cancellation)});
    answers_.push_back(answer);
    return *answer;
  }
  // Runs the queued commands. Returns the answers to all commands after the first.
  std::vector<StatusCode> LetGo() {
    gate_.Notify();
    engine_.Stop();
    std::vector<StatusCode> codes;
    for (size_t i = 1; i < answers_.size(); ++i) codes.push_back(*answers_[i]);
    return codes;
  }
  const std::vector<size_t>& batches() const { return batches_; }
  support::FakeClock& clock() { return clock_; }

 private:
  class HeldRunner final : public Runner<Keys> {
   public:
    explicit HeldRunner(HeldEngine& engine) : engine_(engine) {}
    void Run(PendingList<Keys> taken) override {
      if (!engine_.entered_.HasBeenNotified()) engine_.entered_.Notify();
      engine_.gate_.WaitForNotification();
      engine_.batches_.push_back(taken.size());
      for (Pending<Keys>& command : taken) command.answer(command.command);
    }

   private:
    HeldEngine& engine_;
  };

  support::FakeClock clock_;
  absl::Notification entered_;
  absl::Notification gate_;
  std::vector<size_t> batches_;
  std::vector<std::shared_ptr<StatusCode>> answers_;
  Engine<Keys> engine_;
};

// A slow worker has few commands in its queue, but they take long.
TEST(QueueTest, I8_MoreThanABatchThatWaitsTooLongLetsNothingIn) {
  HeldEngine engine({.capacity = 100, .per_key = 100, .batch = 2, .wait = kWait});
  engine.Submit(1);
  engine.Submit(2);
  engine.clock().Advance(kWait);
  EXPECT_EQ(engine.Submit(3), StatusCode::kUnknown) << "not yet too long";
  engine.clock().Advance(kMoment);
  EXPECT_EQ(engine.Submit(4), StatusCode::kResourceExhausted);
  EXPECT_THAT(engine.LetGo(), ElementsAre(StatusCode::kOk, StatusCode::kOk, StatusCode::kOk,
                                          StatusCode::kResourceExhausted));
  EXPECT_THAT(engine.batches(), ElementsAre(1, 2, 1));
}

// A locked row blocks its worker for a second or two; commands that fit into the next batch are not
// refused for that.
TEST(QueueTest, I8_WhatTheNextBatchTakesIsLetInHoweverLongTheOldestWaits) {
  HeldEngine engine({.capacity = 100, .per_key = 100, .batch = 3, .wait = kWait});
  engine.Submit(1);
  engine.clock().Advance(10 * kWait);
  engine.Submit(2);
  engine.Submit(3);
  EXPECT_EQ(engine.Submit(4), StatusCode::kResourceExhausted);
  EXPECT_THAT(engine.LetGo(), ElementsAre(StatusCode::kOk, StatusCode::kOk, StatusCode::kOk,
                                          StatusCode::kResourceExhausted));
  EXPECT_THAT(engine.batches(), ElementsAre(1, 3));
}

// Endless guesses on one key neither fill the queue nor make it count as too old.
TEST(QueueTest, I8_AKeyWithItsShareFullIsAloneToBeRefused) {
  HeldEngine engine({.capacity = 100, .per_key = 4, .batch = 4, .wait = kWait});
  for (int i = 0; i < 4; ++i) engine.Submit(1);
  engine.clock().Advance(10 * kWait);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(engine.Submit(1), StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(engine.Submit(2), StatusCode::kUnknown) << "waits";
}

// The age of the queue is that of its oldest command, so it falls as the worker takes commands.
TEST(QueueTest, I8_LetsInAgainOnceTheOldestWereTaken) {
  CommandQueue<Keys> queue({.capacity = 100, .per_key = 100, .batch = 2, .wait = kWait});
  const auto push = [&queue](int key, absl::Duration at) {
    Pending<Keys> command{.command = key, .answer = nullptr, .cancellation = {}};
    command.queued_at = at;
    return queue.Push(command);
  };
  const absl::Duration late = absl::Milliseconds(900);
  EXPECT_TRUE(push(1, absl::ZeroDuration()));
  EXPECT_TRUE(push(2, absl::ZeroDuration()));
  EXPECT_TRUE(push(3, late));
  EXPECT_TRUE(push(4, late));
  EXPECT_FALSE(push(5, kWait + kMoment));
  EXPECT_EQ(queue.Take().size(), 2u);
  EXPECT_TRUE(push(5, kWait + kMoment));
  EXPECT_FALSE(push(6, late + kWait + kMoment));
}

// A backlog that nobody waits for any more does not reach the store.
TEST(QueueTest, I8_WhatIsPastItsDeadlineReachesNoRunner) {
  HeldEngine engine({.capacity = 100, .per_key = 100, .batch = 2, .wait = absl::Hours(1)});
  const Cancellation cancellation{.deadline = engine.clock().Steady() + kWait,
                                  .cancelled = nullptr};
  for (int key = 1; key <= 5; ++key) engine.Submit(key, cancellation);
  engine.Submit(6);
  engine.clock().Advance(kWait);
  const std::vector<StatusCode> codes = engine.LetGo();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), StatusCode::kDeadlineExceeded), 5);
  EXPECT_EQ(codes.back(), StatusCode::kOk);
  EXPECT_THAT(engine.batches(), ElementsAre(1, 1));
}

}  // namespace
}  // namespace otpgate::engine
