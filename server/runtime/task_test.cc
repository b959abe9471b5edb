#include "server/runtime/task.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "server/runtime/executor.h"
#include "tests/support/run_task.h"
#include "tests/support/trials.h"

namespace otpgate::runtime {
namespace {

using support::Await;
using support::Trials;

// Counts the living objects of its class.
class Counted {
 public:
  explicit Counted(std::atomic<int>* alive) : alive_(alive) { ++*alive_; }
  Counted(const Counted& other) : alive_(other.alive_), text_(other.text_) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_), text_(std::move(other.text_)) {
    ++*alive_;
  }
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*alive_; }

 private:
  std::atomic<int>* const alive_;
  std::string text_ =
      "too long for the small buffer of a string";  // ASan notices a second destruction
};

// A copy that lives as long as the frame of the coroutine that holds it.
Counted CopyOf(const Counted& held) { return held; }

// An awaitable that waits until the test resumes it.
class Stop {
 public:
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> suspended) {
    waiting_.emplace(suspended);
  }
  void await_resume() const noexcept {}

  Continuation Take() {
    Continuation waiting = *std::move(waiting_);
    waiting_.reset();
    return waiting;
  }

 private:
  std::optional<Continuation> waiting_;
};

Task<int> Ready(int value) { co_return value; }

Task<int> Sum(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await Ready(i);
  co_return sum;
}

TEST(TaskTest, OneThatWaitsForNothingEndsAtOnce) {
  bool ended = false;
  Spawn(Sum(10), [&](int sum) {
    EXPECT_EQ(sum, 45);
    ended = true;
  });
  EXPECT_TRUE(ended);
}

Task<std::unique_ptr<std::string>> Boxed(std::string text) {
  co_return std::make_unique<std::string>(std::move(text));
}

TEST(TaskTest, ResultsAreMovedOut) { EXPECT_EQ(*Await(Boxed("tomato")), "tomato"); }

Task<int> Marked(bool* ran, Counted held) {
  *ran = true;
  const Counted copy = CopyOf(held);
  co_return 1;
}

TEST(TaskTest, OneThatIsDroppedNeverRuns) {
  bool ran = false;
  std::atomic<int> alive = 0;
  {
    const Task<int> dropped = Marked(&ran, Counted(&alive));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_FALSE(ran);
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(Await(Marked(&ran, Counted(&alive))), 1);
  EXPECT_EQ(alive, 0);
}

using Threads = std::vector<std::thread::id>;

Task<Threads> WhereItRuns(Executor* one, Executor* other) {
  Threads threads{std::this_thread::get_id()};
  co_await one->Schedule();
  threads.push_back(std::this_thread::get_id());
  const bool taken = co_await other->ScheduleUnlessFull();
  EXPECT_TRUE(taken);
  threads.push_back(std::this_thread::get_id());
  co_await one->Schedule();
  threads.push_back(std::this_thread::get_id());
  co_return threads;
}

TEST(TaskTest, GoesOnOnTheThreadThatItAskedFor) {
  Executor one(1), other(1);
  const Threads threads = Await(WhereItRuns(&one, &other));
  EXPECT_EQ(threads[0], std::this_thread::get_id());
  EXPECT_NE(threads[1], threads[0]);
  EXPECT_NE(threads[2], threads[0]);
  EXPECT_NE(threads[2], threads[1]);
  EXPECT_EQ(threads[3], threads[1]);
}

Task<std::string> Hop(Executor* to, std::string text, Counted held) {
  const Counted mine = CopyOf(held);
  co_await to->Schedule();
  co_return absl::StrCat(text, ".");
}

Task<std::string> ThreeHops(std::vector<Executor*> threads, std::string text, Counted held) {
  for (Executor* thread : threads) text = co_await Hop(thread, std::move(text), held);
  co_return text;
}

TEST(TaskTest, ManyCallsHopOverThreeThreadsAndEachIsAnsweredOnce) {
  const auto calls = static_cast<int>(support::Trials(20'000));
  std::atomic<int> alive = 0, right = 0;
  {
    Executor network(1), worker(1), signer(1);
    std::vector<std::atomic<int>> answers(calls);
    absl::BlockingCounter open(calls);
    for (int i = 0; i < calls; ++i) {
      Spawn(ThreeHops({&worker, &signer, &network}, absl::StrCat(i), Counted(&alive)),
            [&, i, held = Counted(&alive)](const std::string& text) {
              right += text == absl::StrCat(i, "...");
              ++answers[i];
              open.DecrementCount();
            });
    }
    open.Wait();
    for (const std::atomic<int>& answer : answers) ASSERT_EQ(answer, 1);
  }
  EXPECT_EQ(right, calls);
  EXPECT_EQ(alive, 0);
}

Task<int> Depth(int deep, Executor* bottom) {
  if (deep == 0) {
    co_await bottom->Schedule();
    co_return 0;
  }
  co_return 1 + co_await Depth(deep - 1, bottom);
}

TEST(TaskTest, ALongChainEndsOnTheThreadThatWokeIt) {
  Executor executor(1);
  EXPECT_EQ(Await(Depth(500, &executor)), 500);
}

Task<bool> HopUnlessFull(Executor* executor, std::thread::id* thread) {
  const bool taken = co_await executor->ScheduleUnlessFull();
  *thread = std::this_thread::get_id();
  co_return taken;
}

TEST(TaskTest, AFullExecutorSaysSoAtOnceOnTheSameThread) {
  Executor executor(1, /*full=*/0);
  std::thread::id thread;
  EXPECT_FALSE(Await(HopUnlessFull(&executor, &thread)));
  EXPECT_EQ(thread, std::this_thread::get_id());
}

Task<bool> HopToStopped(Executor* executor, Counted held) {
  const Counted mine = CopyOf(held);
  co_await executor->Schedule();
  ADD_FAILURE() << "nothing runs after Stop";
  co_return true;
}

TEST(TaskTest, AStoppedExecutorRefusesOrEndsWithWhatWaits) {
  std::optional<Executor> executor(1);
  executor->Stop();
  std::thread::id thread;
  EXPECT_FALSE(Await(HopUnlessFull(&*executor, &thread)));
  std::atomic<int> alive = 0;
  Spawn(HopToStopped(&*executor, Counted(&alive)),
        [held = Counted(&alive)](bool) { ADD_FAILURE(); });
  EXPECT_GT(alive, 0);
  executor.reset();
  EXPECT_EQ(alive, 0);
}

Task<int> Inner(Stop* stop, Counted held) {
  const Counted before = CopyOf(held);
  co_await *stop;
  const Counted after = CopyOf(held);
  co_return 1;
}
Task<int> Outer(Stop* stop, Counted held) {
  const Counted mine = CopyOf(held);
  const int inner = co_await Inner(stop, held);
  co_return inner + 1;
}

TEST(TaskTest, AContinuationThatDiesTakesItsWholeChainAlong) {
  std::atomic<int> alive = 0;
  Stop stop;
  Spawn(Outer(&stop, Counted(&alive)), [held = Counted(&alive)](int) { ADD_FAILURE(); });
  EXPECT_GT(alive, 0);
  { const Continuation dropped = stop.Take(); }
  EXPECT_EQ(alive, 0);
}

TEST(TaskTest, AContinuationThatIsResumedEndsTheChainAndLeavesNothing) {
  std::atomic<int> alive = 0;
  int answers = 0;
  Stop stop;
  Spawn(Outer(&stop, Counted(&alive)), [&, held = Counted(&alive)](int result) {
    EXPECT_EQ(result, 2);
    ++answers;
  });
  EXPECT_EQ(answers, 0);
  Continuation waiting = stop.Take();
  Continuation moved = std::move(waiting);
  moved.Resume();
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(alive, 0);
}

TEST(TaskDeathTest, ASecondResumeEndsTheProcess) {
  EXPECT_DEATH(
      {
        std::atomic<int> alive = 0;
        Stop stop;
        Spawn(Outer(&stop, Counted(&alive)), [](int) {});
        Continuation waiting = stop.Take();
        waiting.Resume();
        waiting.Resume();
      },
      "broken invariant");
}

struct Aggregate {
  std::string text;
  Counted counted;
};
Task<size_t> TakesAggregate(Aggregate value, std::string text) {
  co_return value.text.size() + text.size();
}

Task<size_t> PassesTemporaries(Counted held) {
  Aggregate named{.text = "longer than fifteen characters", .counted = held};
  Aggregate copy = named;
  size_t sum = co_await TakesAggregate(named, "another one that needs the heap");
  sum += co_await TakesAggregate(std::move(named), std::string(40, 'x'));
  Task<size_t> later = TakesAggregate(std::move(copy), absl::StrCat(sum));
  sum += co_await std::move(later);
  co_return sum;
}

// Compilers have destroyed temporaries of such expressions twice or not at all.
TEST(TaskTest, TemporariesBesideAnAwaitEndOnce) {
  std::atomic<int> alive = 0;
  EXPECT_EQ(Await(PassesTemporaries(Counted(&alive))), 30u + 31 + 30 + 40 + 30 + 3);
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace otpgate::runtime
