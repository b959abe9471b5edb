// Runs each part with small numbers and checks that its figures are consistent.
#include "tests/bench/stress/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using ::otpgate::support::StatusIs;

nlohmann::json RunPart(const std::string& name, const StressPlan& plan) {
  const auto result = RunStressPart(name, OTPGATE_BENCH_SERVER_PROGRAM, plan);
  EXPECT_OK(result);
  return result.ok() ? nlohmann::json::parse(result->json) : nlohmann::json();
}

TEST(StressParts, RefuseOthers) {
  EXPECT_THAT(RunStressPart("overloads", "", {}).status(),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

// Such a short queue is full at once, even on a fast machine.
TEST(StressParts, OverloadRefusesTheExcessWithAHintAndServesTheRest) {
  StressPlan plan;
  plan.overload.queue_seconds = 0;  // the shortest queue
  plan.overload.calm = absl::Seconds(1);
  plan.overload.overload = absl::Seconds(2);
  plan.overload.recovery = absl::Seconds(2);
  plan.overload.capacity = absl::Milliseconds(100);
  const nlohmann::json json = RunPart("overload", plan);
  EXPECT_GT(json.at("capacity_per_second"), 0);
  EXPECT_GT(json.at("served"), 0);
  EXPECT_GT(json.at("refused"), 0);
  EXPECT_EQ(json.at("refused_with_retry_info"), json.at("refused"));
  EXPECT_GE(json.at("refusal_p99_ms"), json.at("refusal_p50_ms"));
  EXPECT_GE(json.at("memory_most_mb"), json.at("memory_before_mb"));
}

TEST(StressParts, GuessesAreDeniedAndOthersSignIn) {
  StressPlan plan;
  plan.guesses.guesses = 100;
  plan.guesses.guesses_per_second = 200;
  plan.guesses.logins_per_second = 50;
  plan.guesses.rounds = 2;
  const nlohmann::json json = RunPart("guesses", plan);
  EXPECT_EQ(json.at("guesses"), 200);
  EXPECT_GT(json.at("denied"), 0);
  EXPECT_EQ(json.at("failed"), 0);
  EXPECT_EQ(json.at("logins").at("p99_with_ms_of_rounds").size(), 2U);
  EXPECT_GT(json.at("logins").at("p99_ratio"), 0);
}

TEST(StressParts, CleanupRemovesEveryRowAtRestWhileOthersSignIn) {
  StressPlan plan;
  plan.cleaning.expired = 1550;
  plan.cleaning.logins_per_second = 20;
  plan.cleaning.window = absl::Milliseconds(500);
  plan.cleaning.rounds = 2;
  plan.cleaning.codes = 600;
  plan.cleaning.codes_per_person = 2;
  const nlohmann::json json = RunPart("cleanup", plan);
  EXPECT_EQ(json.at("subjects"), 1000);
  EXPECT_LE(json.at("paced_removed"), json.at("removed"));
  EXPECT_EQ(json.at("removed"), 1550);
  EXPECT_TRUE(json.at("complete"));
  EXPECT_GT(json.at("logins").at("p99_ratio"), 0);
  EXPECT_EQ(json.at("codes"), 600);
  EXPECT_GT(json.at("hot_ratio_but_outbox"), 0);
  for (const nlohmann::json& one : json.at("tables_after_codes")) {
    if (one.at("table") != "subjects") continue;
    EXPECT_EQ(one.at("rows"), 300);
    EXPECT_GT(one.at("updates"), 0);
  }
}

}  // namespace
}  // namespace otpgate::bench
