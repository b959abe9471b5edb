#include "server/keys/code.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "base/crypto/system_random.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

namespace otpgate::keys {
namespace {

constexpr int kDigits = 6;
constexpr int kCodes = 1'000'000;
constexpr size_t kBuckets = 1'000;

// Returns the listed values, then zeros.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::vector<uint64_t> values) : values_(std::move(values)) {}

  void Fill(void* out, size_t size) override {
    uint64_t value = next_ < values_.size() ? values_[next_] : 0;
    ++next_;
    std::memcpy(out, &value, std::min(size, sizeof value));
  }
  size_t draws() const { return next_; }

 private:
  std::vector<uint64_t> values_;
  size_t next_ = 0;
};

// The probability of a value of at least this size for a chi-square distribution with `freedom`
// degrees of freedom (cube root approximation of Wilson and Hilferty).
double ChiSquareTail(double chi_square, double freedom) {
  const double variance = 2.0 / (9.0 * freedom);
  const double z = (std::cbrt(chi_square / freedom) - (1.0 - variance)) / std::sqrt(variance);
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

double UniformTail(const std::vector<int64_t>& counts, int64_t total) {
  const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
  double chi_square = 0;
  for (const int64_t count : counts) {
    const double off = static_cast<double>(count) - expected;
    chi_square += off * off / expected;
  }
  return ChiSquareTail(chi_square, static_cast<double>(counts.size() - 1));
}

struct Statistics {
  std::vector<int64_t> buckets = std::vector<int64_t>(kBuckets);
  std::array<std::vector<int64_t>, kDigits> digits;
  double serial_z = 0;  // lag-1 correlation in standard deviations
};

Statistics Collect(Random& random, int64_t trials) {
  Statistics out;
  out.digits.fill(std::vector<int64_t>(10));
  constexpr double kMean = (kCodes - 1) / 2.0;
  double previous = 0, products = 0, squares = 0;
  for (int64_t i = 0; i < trials; ++i) {
    const std::string code = GenerateCode(random, kDigits);
    const int value = std::atoi(code.c_str());
    ++out.buckets[static_cast<size_t>(value) / (kCodes / kBuckets)];
    for (size_t d = 0; d < kDigits; ++d) ++out.digits[d][static_cast<size_t>(code[d] - '0')];
    const double centred = value - kMean;
    products += centred * previous;
    squares += centred * centred;
    previous = centred;
  }
  out.serial_z = products / squares * std::sqrt(static_cast<double>(trials));
  return out;
}

void ExpectUniform(Random& random, int64_t trials, double tail, double serial_z_max) {
  const Statistics statistics = Collect(random, trials);
  const auto expect = [tail](double p, const std::string& what) {
    EXPECT_GE(p, tail) << what;
    EXPECT_LE(p, 1 - tail) << what;
  };
  expect(UniformTail(statistics.buckets, trials), "buckets of values");
  for (size_t d = 0; d < kDigits; ++d) {
    expect(UniformTail(statistics.digits[d], trials), "digit " + std::to_string(d));
  }
  EXPECT_LE(std::abs(statistics.serial_z), serial_z_max);
}

TEST(CodeTest, A1_AllCodesEquallyLikely_Seeded) {
  support::SeededRandom random(20'260'101);
  ExpectUniform(random, support::Trials(1'000'000), 0.001, 3.3);
}

// The bounds are so wide that a good generator fails once in millions of runs. A missing leading
// zero, a short range or a stuck bit exceeds them by far.
TEST(CodeTest, A1_AllCodesEquallyLikely_System) {
  crypto::SystemRandom random;
  ExpectUniform(random, support::Trials(1'000'000), 1e-8, 6);
}

TEST(CodeTest, A1_LeadingZerosAreKept) {
  for (int digits = 1; digits <= 18; ++digits) {
    ScriptedRandom zero({0});
    EXPECT_EQ(GenerateCode(zero, digits), std::string(static_cast<size_t>(digits), '0'));
  }
}

TEST(CodeTest, A1_TheUnevenRestIsDrawnAgain) {
  constexpr uint64_t kWidth = std::numeric_limits<uint64_t>::max() / kCodes;
  ScriptedRandom last({kWidth * kCodes - 1});
  EXPECT_EQ(GenerateCode(last, kDigits), "999999");
  EXPECT_EQ(last.draws(), 1u);
  ScriptedRandom beyond({kWidth * kCodes, std::numeric_limits<uint64_t>::max(), kWidth});
  EXPECT_EQ(GenerateCode(beyond, kDigits), "000001");
  EXPECT_EQ(beyond.draws(), 3u);
}

TEST(CodeTest, A1_EveryCodeHasTheSameNumberOfDraws) {
  constexpr uint64_t kWidth = std::numeric_limits<uint64_t>::max() / kCodes;
  for (const uint64_t value : {0ULL, 1ULL, 499'999ULL, 999'999ULL}) {
    ScriptedRandom first({value * kWidth}), last({value * kWidth + kWidth - 1});
    EXPECT_EQ(std::stoull(GenerateCode(first, kDigits)), value);
    EXPECT_EQ(std::stoull(GenerateCode(last, kDigits)), value);
  }
}

}  // namespace
}  // namespace otpgate::keys
