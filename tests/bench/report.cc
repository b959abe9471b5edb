#include "tests/bench/report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace otpgate::bench {
namespace {

double MedianOf(const std::vector<Measurement>& rounds, double Measurement::*figure) {
  std::vector<double> values;
  for (const Measurement& round : rounds) values.push_back(round.*figure);
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Measurement MedianOf(const std::vector<Measurement>& rounds) {
  Measurement median = rounds.back();
  for (double Measurement::*figure :
       {&Measurement::ops_per_second, &Measurement::server_cpu_us, &Measurement::postgres_cpu_us,
        &Measurement::p50_ms, &Measurement::p99_ms, &Measurement::mean_batch}) {
    median.*figure = MedianOf(rounds, figure);
  }
  return median;
}

double Rounded(double value) { return std::round(value * 1000) / 1000; }

}  // namespace

std::vector<Measurement> Medians(const std::vector<Measurement>& rounds) {
  std::map<std::tuple<bool, std::string, int>, size_t> places;
  std::vector<std::vector<Measurement>> groups;
  for (const Measurement& round : rounds) {
    const auto [it, fresh] =
        places.try_emplace({round.batching, round.operation, round.concurrency}, groups.size());
    if (fresh) groups.emplace_back();
    groups[it->second].push_back(round);
  }
  std::vector<Measurement> medians;
  for (const auto& group : groups) medians.push_back(MedianOf(group));
  return medians;
}

double RatioToEmpty(const Measurement& one, const std::vector<Measurement>& all) {
  for (const Measurement& empty : all) {
    if (empty.operation == kEmptyOperation && empty.batching == one.batching &&
        empty.concurrency == one.concurrency && empty.server_cpu_us > 0) {
      return (one.server_cpu_us + one.postgres_cpu_us) / empty.server_cpu_us;
    }
  }
  return 0;
}

std::string JsonOf(const BenchReport& report) {
  nlohmann::json list = nlohmann::json::array();
  for (const Measurement& one : report.measurements) {
    list.push_back({{"operation", one.operation},
                    {"batching", one.batching},
                    {"concurrency", one.concurrency},
                    {"ops_per_second", Rounded(one.ops_per_second)},
                    {"server_cpu_us", Rounded(one.server_cpu_us)},
                    {"postgres_cpu_us", Rounded(one.postgres_cpu_us)},
                    {"ratio_to_empty", Rounded(RatioToEmpty(one, report.measurements))},
                    {"p50_ms", Rounded(one.p50_ms)},
                    {"p99_ms", Rounded(one.p99_ms)},
                    {"mean_batch", Rounded(one.mean_batch)},
                    {"rows_stored", one.rows_stored},
                    {"fsync", report.fsync},
                    {"synchronous_commit", report.synchronous_commit}});
  }
  return list.dump(2) + "\n";
}

std::string TableOf(const BenchReport& report) {
  std::string table = absl::StrCat(
      "CPU in us per operation; ratio: CPU of server and PostgreSQL over the server's for Empty.\n"
      "fsync ",
      report.fsync, ", synchronous_commit ", report.synchronous_commit, "\n\n");
  absl::StrAppendFormat(&table, "%-16s %8s %5s %9s %8s %8s %7s %8s %8s %7s %8s\n", "operation",
                        "batching", "conc", "ops/s", "server", "postgres", "ratio", "p50 ms",
                        "p99 ms", "batch", "rows");
  for (const Measurement& one : report.measurements) {
    absl::StrAppendFormat(&table, "%-16s %8s %5d %9.0f %8.1f %8.1f %7.2f %8.2f %8.2f %7.1f %8d\n",
                          one.operation, one.batching ? "yes" : "no", one.concurrency,
                          one.ops_per_second, one.server_cpu_us, one.postgres_cpu_us,
                          RatioToEmpty(one, report.measurements), one.p50_ms, one.p99_ms,
                          one.mean_batch, one.rows_stored);
  }
  return table;
}

}  // namespace otpgate::bench
