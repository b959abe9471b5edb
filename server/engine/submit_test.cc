#include "server/engine/submit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/domain/bucket_rules.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"
#include "tests/support/status_matchers.h"

namespace otpgate::engine {
namespace {

using support::Await;
using support::FakeClock;

// Answers all commands, or destroys them without an answer.
class Admits final : public Runner<domain::BucketRules> {
 public:
  explicit Admits(const std::atomic<bool>& drops) : drops_(drops) {}
  void Run(PendingList<domain::BucketRules> taken) override {
    if (drops_) return;
    for (auto& command : taken) command.answer(domain::TakeReply{true, absl::ZeroDuration()});
  }

 private:
  const std::atomic<bool>& drops_;
};

// The answer that a task got, and the thread on which it resumed.
struct Seen {
  absl::StatusOr<domain::TakeReply> reply;
  std::thread::id thread;
};

runtime::Task<Seen> TakeOne(Engine<domain::BucketRules>* engine, Cancellation cancellation,
                            std::shared_ptr<int> held) {
  const std::shared_ptr<int> mine = std::move(held);
  domain::Take take;
  take.bucket = "bucket";
  Seen seen;
  seen.reply = co_await Submit(engine, std::move(take), cancellation);
  seen.thread = std::this_thread::get_id();
  co_return seen;
}

class SubmitTest : public ::testing::Test {
 protected:
  std::unique_ptr<Engine<domain::BucketRules>> NewEngine(QueueLimits limits = {}) {
    return std::make_unique<Engine<domain::BucketRules>>(
        1, limits, clock_, [this](const Pause&) { return std::make_unique<Admits>(drops_); });
  }

  support::FakeClock clock_;
  std::atomic<bool> drops_ = false;
};

TEST_F(SubmitTest, GoesOnOnTheWorkersThreadWithItsAnswer) {
  const auto engine = NewEngine();
  const Seen first = Await(TakeOne(engine.get(), {}, nullptr));
  const Seen second = Await(TakeOne(engine.get(), {}, nullptr));
  ASSERT_OK(first.reply);
  EXPECT_TRUE(first.reply->admitted);
  EXPECT_NE(first.thread, std::this_thread::get_id());
  EXPECT_EQ(first.thread, second.thread);
}

TEST_F(SubmitTest, ARefusalAtOnceComesOnTheSameThread) {
  const auto engine = NewEngine({.capacity = 0});
  const Seen seen = Await(TakeOne(engine.get(), {}, nullptr));
  EXPECT_TRUE(absl::IsResourceExhausted(seen.reply.status()));
  EXPECT_EQ(seen.thread, std::this_thread::get_id());
}

TEST_F(SubmitTest, ACallThatIsOverIsNotEvaluated) {
  const auto engine = NewEngine();
  Cancellation over;
  over.cancelled = std::make_shared<std::atomic<bool>>(true);
  EXPECT_TRUE(absl::IsCancelled(Await(TakeOne(engine.get(), over, nullptr)).reply.status()));
  Cancellation late;
  late.deadline = clock_.Steady();
  EXPECT_TRUE(absl::IsDeadlineExceeded(Await(TakeOne(engine.get(), late, nullptr)).reply.status()));
}

TEST_F(SubmitTest, ACommandThatIsDroppedTakesItsTaskAlong) {
  drops_ = true;
  const auto held = std::make_shared<int>();
  auto engine = NewEngine();
  runtime::Spawn(TakeOne(engine.get(), {}, held), [held](const Seen&) { ADD_FAILURE(); });
  engine.reset();
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace otpgate::engine
