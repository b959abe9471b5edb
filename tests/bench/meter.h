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

// Measures loads and keeps the measurements, and a ledger of the rows that the loads leave in each
// database. One thread.
class Meter {
 public:
  // `variants`: those of the system.
  Meter(SystemUnderTest& system, std::vector<Variant> variants)
      : system_(system), variants_(std::move(variants)) {}

  const Variant& variant(size_t server) const { return variants_[server]; }

  // Measures one operation on one server. CPU time is counted until the last message has been sent.
  // `transport`: another way to that server; null: gRPC.
  absl::Status Measure(const std::string& name, size_t server, Operation& operation,
                       const LoadLimits& limits, const Effect& effect,
                       Transport* transport = nullptr);
  absl::Status MeasureRedisDesign(RedisDesign& design, const LoadLimits& limits);
  absl::Status MeasureLocalVerification(size_t server, const std::vector<Tokens>& sessions,
                                        const LoadLimits& limits);

  // Reads the rows at the start. Call it before the first measurement.
  absl::Status StartLedgers();
  // INTERNAL: a database does not hold the rows that its ledger expects.
  absl::Status CheckLedgers();

  std::vector<Measurement>& measured() { return measured_; }

 private:
  SystemUnderTest& system_;
  const std::vector<Variant> variants_;
  std::map<const DatabaseUnderTest*, Ledger> ledgers_;
  std::vector<Measurement> measured_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_METER_H_
