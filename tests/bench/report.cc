#include "tests/bench/report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace otpgate::bench {
namespace {

Measurement MedianOf(const std::vector<Measurement>& rounds) {
  Measurement median = rounds.back();
  for (double Measurement::*figure :
       {&Measurement::ops_per_second, &Measurement::p50_ms, &Measurement::p99_ms}) {
    std::vector<double> values;
    for (const Measurement& round : rounds) values.push_back(round.*figure);
    median.*figure = Median(std::move(values));
  }
  for (std::optional<double> Measurement::*figure :
       {&Measurement::server_cpu_us, &Measurement::postgres_cpu_us, &Measurement::redis_cpu_us,
        &Measurement::local_cpu_us, &Measurement::mean_batch}) {
    if (!(median.*figure)) continue;
    std::vector<double> values;
    for (const Measurement& round : rounds) values.push_back((round.*figure).value());
    median.*figure = Median(std::move(values));
  }
  return median;
}

nlohmann::json OrNull(std::optional<double> value) {
  return value ? nlohmann::json(Rounded(*value)) : nlohmann::json();
}

template <class T>
nlohmann::json NullUnless(bool set, const T& value) {
  return set ? nlohmann::json(value) : nlohmann::json();
}

std::string Cell(std::optional<double> value, int decimals) {
  return value ? absl::StrFormat("%.*f", decimals, *value) : "-";
}

}  // namespace

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Rounded(double value) { return std::round(value * 1000) / 1000; }

std::vector<Measurement> Medians(const std::vector<Measurement>& rounds) {
  using Key = std::tuple<std::string, std::optional<bool>, std::optional<int64_t>, int,
                         std::optional<double>>;
  std::map<Key, size_t> places;
  std::vector<std::vector<Measurement>> groups;
  for (const Measurement& round : rounds) {
    const Key key{round.operation, round.batching, round.rows_at_start, round.concurrency,
                  round.offered_per_second};
    const auto [it, fresh] = places.try_emplace(key, groups.size());
    if (fresh) groups.emplace_back();
    groups[it->second].push_back(round);
  }
  std::vector<Measurement> medians;
  for (const auto& group : groups) medians.push_back(MedianOf(group));
  return medians;
}

std::optional<double> RatioToEmpty(const Measurement& one, const std::vector<Measurement>& all) {
  if (!one.server_cpu_us || !one.postgres_cpu_us) return std::nullopt;
  for (const Measurement& empty : all) {
    if (empty.operation == kEmptyOperation && empty.batching == one.batching &&
        empty.rows_at_start == one.rows_at_start && empty.concurrency == one.concurrency &&
        empty.offered_per_second == one.offered_per_second && empty.server_cpu_us > 0) {
      return (*one.server_cpu_us + *one.postgres_cpu_us) / *empty.server_cpu_us;
    }
  }
  return std::nullopt;
}

std::optional<double> RatioToRedisDesign(const Measurement& one,
                                         const std::vector<Measurement>& all) {
  const bool login = one.operation == kLogin || one.operation == kLoginAgain;
  if (!login || one.batching != true || one.offered_per_second) return std::nullopt;
  for (const Measurement& other : all) {
    if (other.operation == kRedisDesignLogin && other.concurrency == one.concurrency &&
        !other.offered_per_second) {
      return (*one.server_cpu_us + *one.postgres_cpu_us) /
             (*other.server_cpu_us + *other.redis_cpu_us);
    }
  }
  return std::nullopt;
}

std::string JsonOf(const BenchReport& report) {
  nlohmann::json list = nlohmann::json::array();
  for (const Measurement& one : report.measurements) {
    const bool stores = one.rows_stored.has_value();
    list.push_back({{"operation", one.operation},
                    {"batching", NullUnless(one.batching.has_value(), one.batching == true)},
                    {"loop", one.offered_per_second ? "open" : "closed"},
                    {"concurrency", one.concurrency},
                    {"offered_per_second", OrNull(one.offered_per_second)},
                    {"ops_per_second", Rounded(one.ops_per_second)},
                    {"server_cpu_us", OrNull(one.server_cpu_us)},
                    {"postgres_cpu_us", OrNull(one.postgres_cpu_us)},
                    {"redis_cpu_us", OrNull(one.redis_cpu_us)},
                    {"local_cpu_us", OrNull(one.local_cpu_us)},
                    {"ratio_to_empty", OrNull(RatioToEmpty(one, report.measurements))},
                    {"ratio_to_redis_design", OrNull(RatioToRedisDesign(one, report.measurements))},
                    {"p50_ms", Rounded(one.p50_ms)},
                    {"p99_ms", Rounded(one.p99_ms)},
                    {"mean_batch", OrNull(one.mean_batch)},
                    {"rows_at_start", NullUnless(stores, one.rows_at_start.value_or(0))},
                    {"rows_stored", NullUnless(stores, one.rows_stored.value_or(0))},
                    {"fsync", NullUnless(stores, report.fsync)},
                    {"synchronous_commit", NullUnless(stores, report.synchronous_commit)}});
  }
  return list.dump(2) + "\n";
}

std::string TableOf(const BenchReport& report) {
  std::string table = absl::StrCat(
      "CPU in us per operation of server, PostgreSQL or Redis; local: of the caller, who makes no "
      "call.\nratio: all CPU over the server's for Empty; redis: over all CPU of the Redis "
      "design's "
      "login.\nfsync ",
      report.fsync, ", synchronous_commit ", report.synchronous_commit, "\n\n");
  absl::StrAppendFormat(&table, "%-18s %5s %5s %8s %9s %8s %8s %7s %7s %6s %8s %8s %7s %9s\n",
                        "operation", "batch", "conc", "offered", "ops/s", "server", "store",
                        "local", "ratio", "redis", "p50 ms", "p99 ms", "size", "rows");
  for (const Measurement& one : report.measurements) {
    const char* const batching = !one.batching ? "-" : *one.batching ? "yes" : "no";
    const std::optional<double> store = one.redis_cpu_us ? one.redis_cpu_us : one.postgres_cpu_us;
    absl::StrAppendFormat(
        &table, "%-18s %5s %5d %8s %9.0f %8s %8s %7s %7s %6s %8.2f %8.2f %7s %9s\n", one.operation,
        batching, one.concurrency, Cell(one.offered_per_second, 0), one.ops_per_second,
        Cell(one.server_cpu_us, 1), Cell(store, 1), Cell(one.local_cpu_us, 1),
        Cell(RatioToEmpty(one, report.measurements), 2),
        Cell(RatioToRedisDesign(one, report.measurements), 3), one.p50_ms, one.p99_ms,
        Cell(one.mean_batch, 1), Cell(one.rows_stored, 0));
  }
  return table;
}

}  // namespace otpgate::bench
