#include "server/service/address_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"
#include "tests/support/trials.h"

namespace otpgate::service {
namespace {

using support::Await;
using support::FakeClock;
using support::Trials;

constexpr absl::Duration kWait = absl::Seconds(6);
constexpr int64_t kRemembered = 10'000;

// The names of the buckets that reached the database.
class Names {
 public:
  void Add(const std::string& name) {
    const absl::MutexLock lock(&mutex_);
    names_.insert(name);
  }
  size_t size() const {
    const absl::MutexLock lock(&mutex_);
    return names_.size();
  }

 private:
  mutable absl::Mutex mutex_;
  std::set<std::string> names_ ABSL_GUARDED_BY(mutex_);
};

// Stands in for the database: refuses or admits every call, and counts them.
class Counter final : public engine::Runner<domain::BucketRules> {
 public:
  Counter(const std::atomic<bool>& admits, std::atomic<int64_t>& asked, Names& buckets)
      : admits_(admits), asked_(asked), buckets_(buckets) {}

  void Run(engine::PendingList<domain::BucketRules> taken) override {
    asked_ += static_cast<int64_t>(taken.size());
    for (auto& command : taken) {
      buckets_.Add(command.command.bucket);
      command.answer(admits_ ? domain::TakeReply{true, absl::ZeroDuration()}
                             : domain::TakeReply{false, kWait});
    }
  }

 private:
  const std::atomic<bool>& admits_;
  std::atomic<int64_t>& asked_;
  Names& buckets_;
};

class AddressLimiterTest : public ::testing::Test {
 protected:
  static validation::EndUserAddress Address(int64_t n) {
    const std::string text =
        absl::StrCat("2001:db8:", absl::Hex(n >> 16), ":", absl::Hex(n & 0xffff), "::");
    return {text, absl::StrCat("ip:", text, "/64")};
  }

  // Takes a permit for each of `addresses` from `first` on. Returns how many reached the database.
  int64_t AskedAbout(int64_t first, int64_t addresses) {
    const int64_t before = asked_;
    constexpr int64_t kAtOnce = 1000;
    for (int64_t from = first; from < first + addresses; from += kAtOnce) {
      absl::BlockingCounter answers(kAtOnce);
      for (int64_t n = from; n < from + kAtOnce; ++n) {
        runtime::Spawn(limiter_.Take(Address(n), storage::UserType::kLive, {}),
                       [&](errors::Outcome<std::monostate> outcome) {
                         refused_ += !outcome;
                         answers.DecrementCount();
                       });
      }
      answers.Wait();
    }
    return asked_ - before;
  }
  bool WasAsked(int64_t n) {
    const int64_t before = asked_;
    Take(n);
    return asked_ > before;
  }
  errors::Outcome<std::monostate> Take(int64_t n,
                                       storage::UserType user_type = storage::UserType::kLive) {
    return Await(limiter_.Take(Address(n), user_type, {}));
  }
  errors::Failure Refusal(int64_t n) {
    const errors::Outcome<std::monostate> outcome = Take(n);
    EXPECT_FALSE(outcome.has_value());
    return outcome ? errors::Failure{} : outcome.error();
  }

  support::FakeClock clock_;
  std::atomic<bool> admits_ = false;
  std::atomic<int64_t> asked_ = 0;
  Names buckets_;
  std::atomic<int64_t> refused_ = 0;
  engine::Engine<domain::BucketRules> engine_{
      1, engine::QueueLimits{}, clock_, [this](const engine::Pause&) {
        return std::make_unique<Counter>(admits_, asked_, buckets_);
      }};
  AddressLimiter limiter_{domain::BucketLimit{}, &engine_, &clock_};
};

TEST_F(AddressLimiterTest, D10_RefusalsOfAMillionAddressesAreRememberedForTenThousand) {
  const int64_t addresses = std::max(support::Trials(1'000'000), 2 * kRemembered);
  EXPECT_EQ(AskedAbout(0, addresses), addresses);
  // A flood of others does not displace the first ones.
  EXPECT_EQ(AskedAbout(0, kRemembered), 0);
  EXPECT_EQ(AskedAbout(0, addresses), addresses - kRemembered);
  EXPECT_EQ(refused_, 2 * addresses + kRemembered);
}

TEST_F(AddressLimiterTest, D10_RoomComesBackWhenWaitsAreOver) {
  AskedAbout(0, 2 * kRemembered);
  clock_.Advance(kWait);
  EXPECT_EQ(AskedAbout(2 * kRemembered, kRemembered), kRemembered);
  EXPECT_EQ(AskedAbout(2 * kRemembered, kRemembered), 0);
}

TEST_F(AddressLimiterTest, D10_AFullMemoryIsSweptOnceASecond) {
  AskedAbout(0, kRemembered);
  clock_.Advance(kWait - absl::Milliseconds(1));
  EXPECT_TRUE(WasAsked(kRemembered));  // sweeps, but no wait is over
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_TRUE(WasAsked(kRemembered));  // every wait is over, but it is too early to sweep again
  EXPECT_TRUE(WasAsked(kRemembered));
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(WasAsked(kRemembered));
  EXPECT_FALSE(WasAsked(kRemembered));
}

TEST_F(AddressLimiterTest, ARefusalIsRememberedUntilItsTimeAndNoLonger) {
  EXPECT_EQ(Refusal(1).retry_after, kWait);
  admits_ = true;
  clock_.Advance(kWait - absl::Milliseconds(1));
  const errors::Failure again = Refusal(1);
  EXPECT_EQ(again.reason, errors::Reason::kClientLimit);
  EXPECT_EQ(again.retry_after, absl::Milliseconds(1));
  EXPECT_EQ(again.quota_limit, domain::BucketLimit{}.burst);
  EXPECT_EQ(again.quota_window, absl::Minutes(2));
  EXPECT_EQ(asked_, 1);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(Take(1).has_value());
  EXPECT_EQ(asked_, 2);
}

TEST_F(AddressLimiterTest, LiveAndDemoShareNoBucket) {
  EXPECT_FALSE(Take(1, storage::UserType::kLive).has_value());
  EXPECT_FALSE(Take(1, storage::UserType::kDemo).has_value());
  EXPECT_EQ(asked_, 2) << "the refusal of one says nothing about the other";
  EXPECT_EQ(buckets_.size(), 2u);
}

TEST_F(AddressLimiterTest, WhoWasAdmittedIsAskedAboutAgain) {
  admits_ = true;
  EXPECT_TRUE(Take(1).has_value());
  EXPECT_TRUE(Take(1).has_value());
  EXPECT_EQ(asked_, 2);
}

}  // namespace
}  // namespace otpgate::service
