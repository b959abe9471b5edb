#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "base/crypto/hmac.h"
#include "server/keys/code.h"
#include "server/keys/test_keyring.h"
#include "tests/support/trials.h"

namespace otpgate::keys {
namespace {

// Timing needs a quiet machine, so it runs only with OTPGATE_TIMING=1.
class ConstantTimeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("OTPGATE_TIMING") == nullptr) GTEST_SKIP() << "set OTPGATE_TIMING=1";
  }
};

double NanosecondsPerCall(const std::function<void()>& call) {
  constexpr int kCalls = 200;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) call();
  const std::chrono::duration<double, std::nano> passed = std::chrono::steady_clock::now() - start;
  return passed.count() / kCalls;
}

struct Interval {
  double low, high;
};

// The 95 % confidence interval of the median difference between the two calls of a pair, from the
// ranks of the sign test. Pairs are measured one after the other, in alternating order.
Interval MedianDifference(const std::function<void()>& a, const std::function<void()>& b) {
  const auto pairs = static_cast<size_t>(support::Trials(5'000));
  std::vector<double> differences;
  for (size_t i = 0; i < pairs; ++i) {
    const bool a_first = i % 2 == 0;
    const double first = NanosecondsPerCall(a_first ? a : b);
    const double second = NanosecondsPerCall(a_first ? b : a);
    differences.push_back(a_first ? first - second : second - first);
  }
  std::sort(differences.begin(), differences.end());
  const auto half_width = static_cast<size_t>(0.98 * std::sqrt(static_cast<double>(pairs)));
  return {differences[pairs / 2 - half_width], differences[pairs / 2 + half_width]};
}

constexpr double kToleranceNs = 10;

TEST_F(ConstantTimeTest, B12_RightDigitsDoNotShowInTheTime) {
  const CodeMac macs(keys::TestKeyring());
  const CodeBinding binding{"login", "+14155550123", "live", "an otp id of 24 bytes..."};
  const CodeMac::Mac mac = macs.Compute(binding, "123456");
  volatile bool sink = false;
  const auto check = [&](const char* guess) { sink = macs.Matches(mac, binding, guess); };
  for (const char* guess : {"100000", "120000", "123000", "123400", "123450", "123456"}) {
    const Interval interval = MedianDifference([&] { check(guess); }, [&] { check("000000"); });
    EXPECT_GT(interval.low, -kToleranceNs) << guess;
    EXPECT_LT(interval.high, kToleranceNs) << guess;
  }
}

TEST_F(ConstantTimeTest, B12_EqualBytesDoNotShowInTheTime) {
  const std::string secret(4096, 's');
  std::string early = secret, late = secret;
  early.front() = late.back() = 'x';
  volatile bool sink = false;
  const Interval ours = MedianDifference([&] { sink = crypto::ConstantTimeEquals(secret, late); },
                                         [&] { sink = crypto::ConstantTimeEquals(secret, early); });
  EXPECT_GT(ours.low, -kToleranceNs);
  EXPECT_LT(ours.high, kToleranceNs);
  // The measurement does see a comparison that is not constant in time.
  const Interval naive =
      MedianDifference([&] { sink = secret == late; }, [&] { sink = secret == early; });
  EXPECT_GT(naive.low, kToleranceNs);
}

}  // namespace
}  // namespace otpgate::keys
