#ifndef OTPGATE_TESTS_BENCH_STRESS_PAIRED_REPORT_H_
#define OTPGATE_TESTS_BENCH_STRESS_PAIRED_REPORT_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tests/bench/stress/paired_rounds.h"

namespace otpgate::bench {

// JSON: the medians and their ratios, and the p99 of each round.
nlohmann::json JsonOf(const PairedRounds& paired);
// ": p50 2.1 ms without, 2.3 with, ratio 1.10; p99 ..., of 7 rounds".
std::string TextOf(const PairedRounds& paired);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_STRESS_PAIRED_REPORT_H_
