// More calls than the only connection to the database can serve.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/time.h"
#include "tests/chaos/fleet.h"
#include "tests/support/contend.h"
#include "tests/support/summary.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/trials.h"

namespace otpgate::chaos {
namespace {

using support::AuthClient;
using support::PgCluster;
using support::TestDatabase;

std::string Person(int n) { return absl::StrCat("p", n, "@example.com"); }

class OverloadTest : public ::testing::Test {
 protected:
  static constexpr int kCallers = 200;
  static constexpr int kQueue = 8;
  // A batch in progress and a full queue.
  static constexpr int kHeld = 2 * kQueue;

  // Makes all calls at once while the database does not answer. The database answers again once all
  // calls that do not fit were refused. Returns the number of refused calls.
  int Wave() {
    absl::BlockingCounter refusals(kCallers - kHeld);
    std::atomic<int> refused = 0;
    proxy_.Pause();
    std::thread callers([&] {
      support::Contend(kCallers, [&](int caller) {
        const auto answer = client_->RequestOtp(Person(caller));
        if (answer.ok()) return;
        EXPECT_EQ(answer.reason, "OVERLOADED") << answer.message;
        EXPECT_GT(answer.retry_after, absl::ZeroDuration());
        if (++refused <= kCallers - kHeld) refusals.DecrementCount();
      });
    });
    refusals.Wait();
    proxy_.Resume();
    callers.join();
    return refused;
  }
  // Makes as many calls at once as fit the queue; all must succeed.
  void ExpectServed() {
    support::Contend(kQueue, [&](int caller) {
      const auto answer = client_->RequestOtp(Person(caller));
      EXPECT_TRUE(answer.ok()) << answer.reason << ' ' << answer.message;
    });
  }

  support::PgCluster& cluster_ = support::SharedPgCluster();
  support::TcpProxy proxy_{cluster_.SocketPath(), support::Framing::kPostgres};
  const Fleet fleet_{cluster_,
                     {.servers = 1,
                      .flags = {"--engine.workers=1", absl::StrCat("--engine.queue=", kQueue),
                                absl::StrCat("--engine.queue_per_key=", kQueue)},
                      .answer_timeout = "5m",  // the servers must not give up the paused connection
                      .connection = [this](const support::TestDatabase& database) {
                        return database.Via(proxy_.port(), support::PgRole::kApp);
                      }}};
  const std::shared_ptr<support::AuthClient> client_ = fleet_.client(0);
};

TEST_F(OverloadTest, I8_WhatDoesNotFitIsRefusedWhileTheRestWaitsAndAllAreServedAfterwards) {
  const int64_t waves = support::Trials(2);
  int64_t refused = 0;
  for (int64_t n = 0; n < waves; ++n) {
    ExpectServed();
    refused += Wave();
    EXPECT_TRUE(fleet_.AwaitServing(0));
    ExpectServed();
  }
  support::AppendSummary(absl::StrCat("chaos, overload: ", waves, " waves, ", waves * kCallers,
                                      " calls, ", refused, " refused at once"));
}

}  // namespace
}  // namespace otpgate::chaos
