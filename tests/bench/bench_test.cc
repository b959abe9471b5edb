// Tests that the bench measures what it claims to measure.
#include "tests/bench/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/cpu_time.h"
#include "tests/bench/system_under_test.h"
#include "tests/support/program.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using ::otpgate::support::StatusIs;
using support::RunProgram;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int64_t kOperations = 20;
const std::vector<std::string> kCodeOperations = {"Empty", "RequestOtp", "RequestOtpWithIp",
                                                  "VerifyOtp", "login"};
const std::vector<std::string> kSessionOperations = {"RefreshToken", "IntrospectToken",
                                                     "GetCurrentUser"};
const std::vector<std::string> kAllOperations = {
    "Empty",        "RequestOtp", "RequestOtpWithIp", "ResendOtp",       "VerifyOtp",
    "login",        "loginAgain", "RefreshToken",     "IntrospectToken", "GetCurrentUser",
    "ListSessions", "GetJwks",    "RevokeToken",      "RevokeSession",   "RevokeAllSessions"};

class QuickBench : public ::testing::Test {
 protected:
  static BenchPlan Tiny() {
    return {.server_program = OTPGATE_BENCH_SERVER_PROGRAM,
            .concurrencies = {1, 16},
            .single_concurrencies = {1, 16},
            .session_concurrencies = {16},
            .rounds = 1,
            .operations = kOperations};
  }
};

bool AddsSubject(const std::string& operation) {
  return operation == "RequestOtp" || operation == "RequestOtpWithIp" || operation == "login";
}

void ExpectPlausible(const nlohmann::json& one) {
  const bool empty = one.at("operation") == "Empty";
  for (const char* figure : {"ops_per_second", "server_cpu_us", "ratio_to_empty", "p50_ms"}) {
    EXPECT_GT(one.at(figure).get<double>(), 0) << one;
  }
  EXPECT_GE(one.at("p99_ms").get<double>(), one.at("p50_ms").get<double>()) << one;
  EXPECT_GE(one.at("postgres_cpu_us").get<double>(), empty ? 0 : 1) << one;
  EXPECT_TRUE(one.at("local_cpu_us").is_null()) << one;
  const double batch = one.at("mean_batch").get<double>();
  if (empty) {
    EXPECT_EQ(batch, 0) << one;
  } else if (!one.at("batching").get<bool>() || one.at("concurrency") == 1) {
    EXPECT_EQ(batch, 1) << one;
  } else {
    EXPECT_GE(batch, 1) << one;
  }
  EXPECT_EQ(one.at("fsync"), "on");
  EXPECT_EQ(one.at("synchronous_commit"), "on");
}

void ExpectLocal(const nlohmann::json& one) {
  EXPECT_EQ(one.at("operation"), "LocalVerification");
  EXPECT_EQ(one.at("concurrency"), 1);
  for (const char* figure : {"ops_per_second", "local_cpu_us", "p50_ms", "p99_ms"}) {
    EXPECT_GT(one.at(figure).get<double>(), 0) << one;
  }
  for (const char* figure : {"batching", "server_cpu_us", "postgres_cpu_us", "ratio_to_empty",
                             "mean_batch", "rows_stored", "fsync", "synchronous_commit"}) {
    EXPECT_TRUE(one.at(figure).is_null()) << figure;
  }
}

// Expects these operations in `list` from `next` on, and moves `next` behind them.
void ExpectOperations(const nlohmann::json& list, const std::vector<std::string>& operations,
                      bool batching, int concurrency, size_t& next, int64_t& subjects) {
  for (const std::string& operation : operations) {
    ASSERT_LT(next, list.size()) << operation << " is missing";
    const nlohmann::json& one = list[next++];
    ASSERT_EQ(one.at("operation"), operation);
    EXPECT_EQ(one.at("concurrency"), concurrency);
    EXPECT_EQ(one.at("batching"), batching);
    if (AddsSubject(operation)) subjects += kOperations;
    EXPECT_EQ(one.at("rows_stored"), subjects);
    ExpectPlausible(one);
  }
}

TEST_F(QuickBench, MeasuresEveryOperationAndLeavesTheRowsItClaims) {
  for (const IdentifierKind kind : {IdentifierKind::kEmail, IdentifierKind::kPhone}) {
    BenchPlan plan = Tiny();
    plan.identifiers = kind;
    const auto report = RunBench(plan);
    ASSERT_OK(report);
    const nlohmann::json list = nlohmann::json::parse(JsonOf(*report));
    size_t next = 0;
    for (const bool batching : {true, false}) {
      for (const int concurrency : {1, 16}) {
        // Three operations add subjects: RequestOtp, RequestOtpWithIp and login. The round that is
        // not counted adds them too. Both servers are measured at one concurrency before the next.
        const int64_t before = 4 + (concurrency == 1 ? 0 : 2) + (batching ? 0 : 1);
        int64_t subjects = before * 3 * kOperations;
        ExpectOperations(list, kCodeOperations, batching, concurrency, next, subjects);
        if (concurrency == 1) continue;
        ExpectOperations(list, kSessionOperations, batching, concurrency, next, subjects);
      }
    }
    ASSERT_EQ(list.size(), next + 1);
    ExpectLocal(list[next]);
    EXPECT_THAT(TableOf(*report),
                AllOf(HasSubstr("RequestOtpWithIp"), HasSubstr("\nLocalVerification ")));
  }
}

// One of the databases holds rows already, which the ledgers must count.
TEST(FullBench, MeasuresEveryRpcInClosedAndOpenLoops) {
  const auto report = RunBench({.server_program = OTPGATE_BENCH_SERVER_PROGRAM,
                                .rows = {0, 1000},
                                .concurrencies = {8},
                                .single_concurrencies = {},
                                .session_concurrencies = {8},
                                .every_rpc = true,
                                .open_loop_shares = {0.5},
                                .operations = kOperations});
  ASSERT_OK(report);
  const nlohmann::json list = nlohmann::json::parse(JsonOf(*report));
  const size_t closed = 2 * kAllOperations.size();
  ASSERT_EQ(list.size(), closed + 2 + 1);
  for (size_t i = 0; i < closed; ++i) {
    EXPECT_EQ(list[i].at("operation"), kAllOperations[i % kAllOperations.size()]);
    EXPECT_EQ(list[i].at("rows_at_start"), i < kAllOperations.size() ? 0 : 1000);
    EXPECT_GE(list[i].at("rows_stored"), list[i].at("rows_at_start"));
    EXPECT_EQ(list[i].at("loop"), "closed");
  }
  EXPECT_EQ(list[closed].at("operation"), "login");
  EXPECT_EQ(list[closed + 1].at("operation"), "RefreshToken");
  for (size_t i = closed; i < closed + 2; ++i) {
    EXPECT_EQ(list[i].at("loop"), "open");
    EXPECT_EQ(list[i].at("rows_at_start"), 1000);
    EXPECT_GT(list[i].at("offered_per_second"), 0);
  }
  ExpectLocal(list[closed + 2]);
}

// Requests a code for the same person again and again, until the limit on sends refuses.
class AskAgain final : public Operation {
 public:
  LoadCall Begin(int64_t) override { return {"otpgate.v1.AuthService/RequestOtp", request_}; }
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }

 private:
  const std::string request_ = People(IdentifierKind::kEmail).RequestOf(0);
};

TEST_F(QuickBench, ARefusalEndsIt) {
  auto system = SystemUnderTest::Start(
      {.server_program = OTPGATE_BENCH_SERVER_PROGRAM, .variants = {Variant()}});
  ASSERT_OK(system);
  AskAgain operation;
  EXPECT_THAT(
      RunLoad((*system)->transport(0), operation, {.concurrency = 4, .operations = 20}).status(),
      support::StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(CpuTime, CountsThisProcess) {
  const auto before = CpuTimeOf(getpid());
  ASSERT_OK(before);
  absl::Duration used;
  while (used < absl::Milliseconds(20)) used = *CpuTimeOf(getpid()) - *before;
  EXPECT_GE(*CpuTimeOf(getpid()) - *before, absl::Milliseconds(20));
  EXPECT_THAT(CpuTimeOf(-5).status(), support::StatusIs(absl::StatusCode::kNotFound));
}

TEST(CpuTime, CountsChildrenThatEnded) {
  const absl::Duration before = *CpuTimeOfFamily(getpid(), 0) - *CpuTimeOf(getpid());
  support::RunProgram({"/bin/sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"});
  EXPECT_GE(*CpuTimeOfFamily(getpid(), 0) - *CpuTimeOf(getpid()) - before, absl::Milliseconds(10));
}

// If a process ends meanwhile, it is the read of its file in /proc that fails, not the open.
TEST(CpuTime, BearsProcessesThatEndMeanwhile) {
  std::atomic<bool> over = false;
  std::thread others([&over] {
    for (int i = 0; i < 1000; ++i) support::RunProgram({"/bin/true"});
    over = true;
  });
  while (!over) EXPECT_OK(CpuTimeOfFamily(getpid(), 0));
  others.join();
}

TEST(Run, SaysHowItIsUsed) {
  const auto result = support::RunProgram({OTPGATE_BENCH_RUN, "--fast"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("usage: tests/bench/run"));
}

}  // namespace
}  // namespace otpgate::bench
