// Tests ratios, medians, JSON and table of a report.
#include "tests/bench/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bench/effect.h"
#include "tests/bench/open_loops.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;

Measurement Of(const std::string& operation, double server, double postgres) {
  return {.operation = operation,
          .batching = true,
          .rows_at_start = 0,
          .concurrency = 16,
          .server_cpu_us = server,
          .postgres_cpu_us = postgres};
}

Measurement RedisLogin(double node, double redis) {
  return {.operation = kRedisDesignLogin,
          .concurrency = 16,
          .server_cpu_us = node,
          .redis_cpu_us = redis};
}

TEST(Medians, AreOfEachFigure) {
  Measurement one = Of(kEmptyOperation, 40, 0);
  Measurement two = Of(kEmptyOperation, 60, 0);
  one.ops_per_second = 7;
  two.ops_per_second = 5;
  const std::vector<Measurement> medians = Medians({one, Of(kLogin, 100, 50), two});
  ASSERT_EQ(medians.size(), 2U);
  EXPECT_EQ(medians[0].ops_per_second, 6);
  EXPECT_EQ(medians[0].server_cpu_us, 50);
  EXPECT_EQ(RatioToEmpty(medians[1], medians), 3);
}

TEST(Medians, OfOddNumbersAreTheMiddleOne) {
  const auto medians = Medians({Of(kLogin, 9, 1), Of(kLogin, 1, 2), Of(kLogin, 2, 900)});
  ASSERT_EQ(medians.size(), 1U);
  EXPECT_EQ(medians[0].server_cpu_us, 2);
  EXPECT_EQ(medians[0].postgres_cpu_us, 2);
}

TEST(Medians, DoNotMixWhatWasMeasuredUnderOtherConditions) {
  std::vector<Measurement> all(6, Of(kLogin, 1, 1));
  all[1].batching = false;
  all[2].rows_at_start = 1000;
  all[3].concurrency = 1;
  all[4].offered_per_second = 100;
  all[5].offered_per_second = 200;
  EXPECT_EQ(Medians(all).size(), all.size());
}

TEST(RatioToEmpty, NeedsTheEmptyCallOfTheSameConditions) {
  const Measurement empty = Of(kEmptyOperation, 50, 1);
  const Measurement login = Of(kLogin, 100, 50);
  EXPECT_EQ(RatioToEmpty(login, {empty, login}), 3);
  for (auto change : {+[](Measurement& one) { one.concurrency = 2; },
                      +[](Measurement& one) { one.batching = false; },
                      +[](Measurement& one) { one.rows_at_start = 1000; },
                      +[](Measurement& one) { one.offered_per_second = 10; }}) {
    Measurement other = login;
    change(other);
    EXPECT_EQ(RatioToEmpty(other, {empty, other}), std::nullopt);
  }
  EXPECT_EQ(RatioToEmpty(RedisLogin(1, 1), {empty}), std::nullopt);
}

TEST(RatioToRedisDesign, IsOfAllCpuOfALoginAtTheSameConcurrency) {
  const Measurement redis = RedisLogin(700, 50);
  EXPECT_EQ(RatioToRedisDesign(Of(kLogin, 100, 50), {redis}), 0.2);
  EXPECT_EQ(RatioToRedisDesign(Of(kLoginAgain, 200, 100), {redis}), 0.4);
  EXPECT_EQ(RatioToRedisDesign(Of("VerifyOtp", 100, 50), {redis}), std::nullopt);
  EXPECT_EQ(RatioToRedisDesign(redis, {redis}), std::nullopt);
  Measurement single = Of(kLogin, 100, 50);
  single.batching = false;
  EXPECT_EQ(RatioToRedisDesign(single, {redis}), std::nullopt);
  Measurement other = redis;
  other.concurrency = 1;
  EXPECT_EQ(RatioToRedisDesign(Of(kLogin, 100, 50), {other}), std::nullopt);
  other = redis;
  other.offered_per_second = 10;
  EXPECT_EQ(RatioToRedisDesign(Of(kLogin, 100, 50), {other}), std::nullopt);
}

TEST(Report, TellsBothRatios) {
  const BenchReport report{
      .fsync = "on",
      .synchronous_commit = "on",
      .measurements = {Of(kEmptyOperation, 50, 1), Of(kLogin, 100, 50), RedisLogin(700, 50)}};
  const nlohmann::json list = nlohmann::json::parse(JsonOf(report));
  EXPECT_EQ(list[1].at("ratio_to_empty"), 3);
  EXPECT_EQ(list[1].at("ratio_to_redis_design"), 0.2);
  EXPECT_EQ(list[1].at("loop"), "closed");
  EXPECT_TRUE(list[2].at("postgres_cpu_us").is_null());
  EXPECT_EQ(list[2].at("redis_cpu_us"), 50);
  EXPECT_THAT(TableOf(report), HasSubstr(" 0.200 "));
}

TEST(MostPerSecond, IsOfClosedLoopsWithBatchesOnThisDatabase) {
  std::vector<Measurement> all(6, Of(kLogin, 1, 1));
  for (size_t i = 0; i < all.size(); ++i) all[i].ops_per_second = static_cast<double>(i + 1);
  all[2].rows_at_start = 1000;
  all[3].batching = false;
  all[4].offered_per_second = 5;
  all[5].operation = "VerifyOtp";
  EXPECT_EQ(MostPerSecond(all, kLogin, 0), 2);
  EXPECT_EQ(MostPerSecond(all, kLogin, 7), 0);
}

TEST(Ledger, KnowsWhatOperationsLeave) {
  const RowCounts start{.subjects = 10, .sessions = 4, .revoked = 1, .rotations = 3, .sent = 5};
  Ledger ledger(start);
  EXPECT_OK(ledger.Check(start));
  ledger.Add({.subjects = 1, .messages = 1, .sessions = 1}, 3);
  ledger.Add({.revoked = 1}, 2);
  ledger.Add({.rotations = 1}, 7);
  const RowCounts right{
      .subjects = 13, .sessions = 7, .revoked = 3, .rotations = 10, .sent = 6, .dropped = 2};
  EXPECT_OK(ledger.Check(right));
  for (int64_t RowCounts::*count :
       {&RowCounts::subjects, &RowCounts::sessions, &RowCounts::revoked, &RowCounts::sign_outs,
        &RowCounts::rotations, &RowCounts::sent}) {
    RowCounts wrong = right;
    --(wrong.*count);
    EXPECT_THAT(ledger.Check(wrong), support::StatusIs(absl::StatusCode::kInternal));
  }
  RowCounts too_many_dropped = right;
  too_many_dropped.sent = 4;
  too_many_dropped.dropped = 4;
  EXPECT_THAT(ledger.Check(too_many_dropped), support::StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace otpgate::bench
