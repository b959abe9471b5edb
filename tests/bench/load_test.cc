// Tests when operations begin and how they are timed, with a fake clock and a fake server.
#include "tests/bench/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/bench/arrivals.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace otpgate::bench {
namespace {

using ::otpgate::support::StatusIs;
using support::FakeClock;
using ::testing::ElementsAre;

constexpr absl::Duration kMs = absl::Milliseconds(1);

// Serves one call after the other, each in the given time. Time passes only here.
class SlowServer final : public Transport {
 public:
  SlowServer(support::FakeClock& clock, absl::Duration per_call)
      : clock_(clock), per_call_(per_call) {}

  void Send(size_t slot, const LoadCall&) override {
    if (calls_.empty()) free_at_ = std::max(free_at_, clock_.Steady());
    free_at_ += per_call_;
    calls_.push_back({slot, free_at_});
    most_ = std::max(most_, calls_.size());
  }

  std::optional<Answer> Next(absl::Duration timeout) override {
    if (calls_.empty() || calls_.front().done - clock_.Steady() > timeout) {
      clock_.Advance(timeout);
      return std::nullopt;
    }
    const Call call = calls_.front();
    calls_.pop_front();
    clock_.Advance(std::max(call.done - clock_.Steady(), absl::ZeroDuration()));
    const bool refused = ++answered_ == refuse_at_;
    return Answer{call.slot, refused ? absl::ResourceExhaustedError("full") : absl::OkStatus(), ""};
  }

  void RefuseCall(size_t number) { refuse_at_ = number; }
  size_t most() const { return most_; }  // calls in flight at once
  size_t answered() const { return answered_; }

 private:
  struct Call {
    size_t slot;
    absl::Duration done;
  };
  support::FakeClock& clock_;
  const absl::Duration per_call_;
  std::deque<Call> calls_;
  absl::Duration free_at_;
  size_t most_ = 0;
  size_t answered_ = 0;
  size_t refuse_at_ = 0;
};

// Makes a number of calls one after the other.
class Calls final : public Operation {
 public:
  explicit Calls(int calls) : calls_(calls) {}
  LoadCall Begin(int64_t n) override {
    left_.resize(static_cast<size_t>(n) + 1);
    left_.back() = calls_ - 1;
    return {"method", ""};
  }
  std::optional<LoadCall> Continue(int64_t n, const std::string&) override {
    if (left_[static_cast<size_t>(n)]-- == 0) return std::nullopt;
    return LoadCall{"method", ""};
  }

 private:
  const int calls_;
  std::vector<int> left_;
};

class LoadTest : public ::testing::Test {
 protected:
  support::FakeClock clock_;
};

TEST_F(LoadTest, AClosedLoopKeepsSoManyUnderWay) {
  SlowServer server(clock_, kMs);
  Calls one(1);
  const auto result = RunLoad(server, one, {.concurrency = 3, .operations = 7}, clock_);
  ASSERT_OK(result);
  EXPECT_EQ(server.most(), 3U);
  EXPECT_EQ(result->elapsed, 7 * kMs);
  // The first three calls queue behind each other, each later one behind two others.
  EXPECT_THAT(result->latencies,
              ElementsAre(1 * kMs, 2 * kMs, 3 * kMs, 3 * kMs, 3 * kMs, 3 * kMs, 3 * kMs));
}

TEST_F(LoadTest, BeginsNothingOnceTheTimeIsOver) {
  SlowServer server(clock_, 2 * kMs);
  Calls one(1);
  const auto result =
      RunLoad(server, one, {.concurrency = 1, .operations = 100, .duration = 5 * kMs}, clock_);
  ASSERT_OK(result);
  EXPECT_EQ(result->elapsed, 6 * kMs);
  EXPECT_THAT(result->latencies, ElementsAre(2 * kMs, 2 * kMs, 2 * kMs));
}

TEST_F(LoadTest, AClosedLoopFillsEverySlotHoweverShortTheTime) {
  SlowServer server(clock_, kMs);
  Calls one(1);
  const auto result = RunLoad(
      server, one, {.concurrency = 5, .operations = 100, .duration = absl::ZeroDuration()}, clock_);
  ASSERT_OK(result);
  EXPECT_EQ(result->latencies.size(), 5U);
}

TEST_F(LoadTest, AChainIsOneOperation) {
  SlowServer server(clock_, kMs);
  Calls three(3);
  const auto result = RunLoad(server, three, {.concurrency = 1, .operations = 2}, clock_);
  ASSERT_OK(result);
  EXPECT_THAT(result->latencies, ElementsAre(3 * kMs, 3 * kMs));
}

TEST_F(LoadTest, ARefusalEndsItOnceAllAreAnswered) {
  SlowServer server(clock_, kMs);
  server.RefuseCall(5);
  Calls one(1);
  EXPECT_THAT(RunLoad(server, one, {.concurrency = 4, .operations = 100}, clock_).status(),
              support::StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(server.answered(), 8U);
}

TEST_F(LoadTest, AnOpenLoopBeginsAtItsRate) {
  SlowServer server(clock_, absl::Microseconds(1));
  Calls one(1);
  const auto result = RunLoad(server, one,
                              {.concurrency = 50,
                               .operations = 1'000'000,
                               .duration = absl::Seconds(10),
                               .per_second = 500},
                              clock_);
  ASSERT_OK(result);
  EXPECT_NEAR(static_cast<double>(result->latencies.size()), 5000, 250);
  EXPECT_LT(Percentile(result->latencies, 99), 10 * absl::Microseconds(1));
}

// Tolerates RESOURCE_EXHAUSTED.
class TolerantOperation final : public Operation {
 public:
  LoadCall Begin(int64_t) override { return {"method", ""}; }
  std::optional<LoadCall> Continue(int64_t, const std::string&) override { return std::nullopt; }
  bool Tolerates(int64_t, const absl::Status& refusal) override {
    return absl::IsResourceExhausted(refusal);
  }
};

TEST_F(LoadTest, ARefusalThatIsBorneIsAnOutcome) {
  SlowServer server(clock_, kMs);
  server.RefuseCall(2);
  TolerantOperation operation;
  const auto result = RunLoad(server, operation, {.concurrency = 1, .operations = 3}, clock_);
  ASSERT_OK(result);
  EXPECT_EQ(result->latencies.size(), 2U);
  ASSERT_EQ(result->outcomes.size(), 3U);
  EXPECT_EQ(result->outcomes[1].code, absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(result->outcomes[1].begun, 1 * kMs);
  EXPECT_EQ(result->outcomes[1].ended, 2 * kMs);
}

// Most of the latency passes before the call is made; coordinated omission would hide it.
TEST_F(LoadTest, AnOpenLoopCountsFromTheTimeAnOperationWasToBegin) {
  SlowServer server(clock_, 10 * kMs);  // 100 per second at most
  Calls one(1);
  const auto result = RunLoad(
      server, one,
      {.concurrency = 2, .operations = 1'000'000, .duration = absl::Seconds(2), .per_second = 200},
      clock_);
  ASSERT_OK(result);
  const auto count = static_cast<double>(result->latencies.size());
  EXPECT_NEAR(count, 400, 80);
  EXPECT_EQ(server.most(), 2U);
  EXPECT_GE(result->elapsed, count * 10 * kMs);
  EXPECT_GT(result->latencies.back(), absl::Seconds(1));
  EXPECT_GT(result->outcomes.back().begun - result->outcomes.back().due, absl::Seconds(1));
}

TEST(ArrivalsTest, AreTheSameForTheSameSeedAndPoisson) {
  Arrivals arrivals(1000, 7);
  Arrivals same(1000, 7);
  Arrivals other(1000, 8);
  int late = 0;
  int differ = 0;
  absl::Duration last;
  constexpr int kCount = 20'000;
  for (int i = 0; i < kCount; ++i) {
    const absl::Duration at = arrivals.Next();
    EXPECT_EQ(at, same.Next());
    differ += at != other.Next();
    ASSERT_GE(at, last);
    late += at - last > kMs;  // gaps longer than the mean: a share of 1/e
    last = at;
  }
  EXPECT_NEAR(absl::ToDoubleSeconds(last), kCount / 1000.0, 0.6);
  EXPECT_NEAR(late / static_cast<double>(kCount), 0.368, 0.02);
  EXPECT_EQ(differ, kCount);
}

TEST(ArrivalsTest, ChangeTheirRateWithThePhase) {
  Arrivals arrivals({{.per_second = 100, .duration = absl::Seconds(10)},
                     {.per_second = 5000, .duration = absl::Seconds(2)},
                     {.per_second = 100}},
                    7);
  int in_phase[] = {0, 0, 0};
  for (absl::Duration at = arrivals.Next(); at < absl::Seconds(22); at = arrivals.Next()) {
    ++in_phase[at < absl::Seconds(10) ? 0 : at < absl::Seconds(12) ? 1 : 2];
  }
  EXPECT_NEAR(in_phase[0], 1000, 130);
  EXPECT_NEAR(in_phase[1], 10'000, 400);
  EXPECT_NEAR(in_phase[2], 1000, 130);
}

TEST(PercentileTest, IsOneOfTheValues) {
  EXPECT_EQ(Percentile({5 * kMs}, 50), 5 * kMs);
  EXPECT_EQ(Percentile({5 * kMs}, 99), 5 * kMs);
  std::vector<absl::Duration> hundred;
  for (int i = 1; i <= 100; ++i) hundred.push_back(i * kMs);
  EXPECT_EQ(Percentile(hundred, 50), 51 * kMs);
  EXPECT_EQ(Percentile(hundred, 99), 100 * kMs);
  EXPECT_EQ(Percentile(hundred, 0), 1 * kMs);
}

}  // namespace
}  // namespace otpgate::bench
