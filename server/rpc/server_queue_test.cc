#include "server/rpc/server_queue.h"

#include <gmock/gmock.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"

namespace otpgate::rpc {
namespace {

class Work final : public Completion {
 public:
  explicit Work(std::function<void()> run) : run_(std::move(run)) {}
  void Run(bool ok) override {
    EXPECT_TRUE(ok);
    run_();
  }

 private:
  const std::function<void()> run_;
};

class ServerQueueTest : public ::testing::Test {
 protected:
  ServerQueueTest() : queue_(builder_.AddCompletionQueue()) {
    server_ = builder_.BuildAndStart();
    thread_ = std::thread([this] { queue_.Serve(); });
  }
  ~ServerQueueTest() override {
    server_->Shutdown();
    queue_.Shutdown();
    thread_.join();
  }

  grpc::ServerBuilder builder_;
  ServerQueue queue_;
  std::unique_ptr<grpc::Server> server_;
  std::thread thread_;
};

TEST_F(ServerQueueTest, WorkOfManyThreadsRunsOnceEachOnTheThreadOfTheQueue) {
  constexpr int kThreads = 4, kEach = 5000, kAll = kThreads * kEach;
  absl::BlockingCounter left(kAll);
  std::vector<int> runs(kAll);  // only for the queue's thread
  std::atomic<int> elsewhere{0};
  std::vector<std::unique_ptr<Work>> works;
  for (int i = 0; i < kAll; ++i) {
    works.push_back(std::make_unique<Work>([&, i] {
      if (std::this_thread::get_id() != thread_.get_id()) ++elsewhere;
      ++runs[i];
      left.DecrementCount();
    }));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) queue_.Post(works[t * kEach + i].get());
    });
  }
  for (std::thread& thread : threads) thread.join();
  left.Wait();
  EXPECT_EQ(elsewhere, 0);
  EXPECT_THAT(runs, ::testing::Each(1));
}

TEST_F(ServerQueueTest, WhatComesWhileTheThreadIsBusyRunsInOrder) {
  constexpr int kWorks = 100;
  absl::Notification busy, go, done;
  Work first([&] {
    busy.Notify();
    go.WaitForNotification();
  });
  std::vector<int> order;
  std::vector<std::unique_ptr<Work>> works;
  for (int i = 0; i < kWorks; ++i) {
    works.push_back(std::make_unique<Work>([&, i] {
      order.push_back(i);
      if (i == kWorks - 1) done.Notify();
    }));
  }
  queue_.Post(&first);
  busy.WaitForNotification();
  for (const auto& work : works) queue_.Post(work.get());
  go.Notify();
  done.WaitForNotification();
  ASSERT_EQ(order.size(), size_t{kWorks});
  for (int i = 0; i < kWorks; ++i) EXPECT_EQ(order[i], i);
}

TEST_F(ServerQueueTest, WhatItsOwnThreadPostsRunsAtOnce) {
  absl::Notification done;
  bool inner_ran = false, before_the_rest = false;
  Work inner([&] { inner_ran = true; });
  Work outer([&] {
    queue_.Post(&inner);
    before_the_rest = inner_ran;
    done.Notify();
  });
  queue_.Post(&outer);
  done.WaitForNotification();
  EXPECT_TRUE(before_the_rest);
}

}  // namespace
}  // namespace otpgate::rpc
