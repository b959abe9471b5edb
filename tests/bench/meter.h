#ifndef OTPGATE_TESTS_BENCH_METER_H_
#define OTPGATE_TESTS_BENCH_METER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/effect.h"
#include "tests/bench/load.h"
#include "tests/bench/local_verification.h"
#include "tests/bench/operations.h"
#include "tests/bench/redis_design.h"
#include "tests/bench/report.h"
#include "tests/bench/system_under_test.h"

namespace otpgate::bench {

// Measures loads and keeps what it measured, and the books of what they leave in the databases. One
// thread.
class Meter {
 public:
  // `variants` are those of the system.
  Meter(SystemUnderTest& system, std::vector<Variant> variants)
      : system_(system), variants_(std::move(variants)) {}

  const Variant& variant(size_t server) const { return variants_[server]; }

  // One operation on one server. CPU is counted until the last message has left.
  absl::Status Measure(const std::string& name, size_t server, Operation& operation,
                       const LoadLimits& limits, const Effect& effect);
  absl::Status MeasureRedisDesign(RedisDesign& design, const LoadLimits& limits);
  absl::Status MeasureLocalVerification(size_t server, const std::vector<Tokens>& sessions,
                                        const LoadLimits& limits);

  // From here on the books are kept; call it before the first measurement.
  absl::Status OpenBooks();
  // INTERNAL: a database does not hold the rows that the operations leave.
  absl::Status CheckBooks();

  std::vector<Measurement>& measured() { return measured_; }

 private:
  SystemUnderTest& system_;
  const std::vector<Variant> variants_;
  std::map<const DatabaseUnderTest*, Ledger> ledgers_;
  std::vector<Measurement> measured_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_METER_H_
