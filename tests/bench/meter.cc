#include "tests/bench/meter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace otpgate::bench {
namespace {

double Us(absl::Duration duration) { return absl::ToDoubleMicroseconds(duration); }
double Count(const LoadResult& load) { return static_cast<double>(load.latencies.size()); }

absl::StatusOr<Measurement> Begin(const std::string& name, const LoadLimits& limits,
                                  const LoadResult& load) {
  if (load.latencies.empty()) return absl::InternalError(absl::StrCat(name, ": nothing was done"));
  return Measurement{.operation = name,
                     .concurrency = limits.concurrency,
                     .offered_per_second = limits.per_second,
                     .ops_per_second = Count(load) / absl::ToDoubleSeconds(load.elapsed),
                     .p50_ms = absl::ToDoubleMilliseconds(Percentile(load.latencies, 50)),
                     .p99_ms = absl::ToDoubleMilliseconds(Percentile(load.latencies, 99))};
}

}  // namespace

absl::Status Meter::Measure(const std::string& name, size_t server, Operation& operation,
                            const LoadLimits& limits, const Effect& effect, Transport* transport) {
  if (transport == nullptr) transport = &system_.transport(server);
  DatabaseUnderTest& database = system_.database(server);
  OTPGATE_ASSIGN_OR_RETURN(const auto batches_before, system_.Batches(server));
  OTPGATE_ASSIGN_OR_RETURN(const CpuUsed cpu_before, system_.Used(server));
  OTPGATE_ASSIGN_OR_RETURN(const LoadResult load, RunLoad(*transport, operation, limits));
  OTPGATE_RETURN_IF_ERROR(database.AwaitDelivery());
  OTPGATE_ASSIGN_OR_RETURN(const CpuUsed cpu_after, system_.Used(server));
  OTPGATE_ASSIGN_OR_RETURN(const auto batches_after, system_.Batches(server));
  OTPGATE_ASSIGN_OR_RETURN(Measurement one, Begin(name, limits, load));
  Ledger& ledger = ledgers_.at(&database);
  ledger.Add(effect, static_cast<int64_t>(load.latencies.size()));
  const double batches = static_cast<double>(batches_after.first - batches_before.first);
  const double commands = static_cast<double>(batches_after.second - batches_before.second);
  one.batching = variants_[server].batching;
  one.rows_at_start = variants_[server].rows;
  one.server_cpu_us = Us(cpu_after.server - cpu_before.server) / Count(load);
  one.postgres_cpu_us = Us(cpu_after.postgres - cpu_before.postgres) / Count(load);
  one.mean_batch = batches > 0 ? commands / batches : 0;
  one.rows_stored = ledger.expected().subjects;
  measured_.push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status Meter::MeasureRedisDesign(RedisDesign& design, const LoadLimits& limits) {
  RedisSignIn sign_in(design);
  OTPGATE_ASSIGN_OR_RETURN(const RedisDesign::CpuUsed before, design.Used());
  OTPGATE_ASSIGN_OR_RETURN(const LoadResult load, RunLoad(design.transport(), sign_in, limits));
  OTPGATE_ASSIGN_OR_RETURN(const RedisDesign::CpuUsed after, design.Used());
  OTPGATE_ASSIGN_OR_RETURN(Measurement one, Begin(kRedisDesignLogin, limits, load));
  one.server_cpu_us = Us(after.node - before.node) / Count(load);
  one.redis_cpu_us = Us(after.redis - before.redis) / Count(load);
  measured_.push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status Meter::MeasureLocalVerification(size_t server, const std::vector<Tokens>& sessions,
                                             const LoadLimits& limits) {
  std::vector<std::string> tokens;
  for (const Tokens& session : sessions) tokens.push_back(session.access);
  OTPGATE_ASSIGN_OR_RETURN(const LocalResult local,
                           VerifyLocally(system_.port(server), tokens, limits));
  OTPGATE_ASSIGN_OR_RETURN(Measurement one, Begin(kLocalVerification, limits, local.load));
  one.local_cpu_us = Us(local.cpu) / Count(local.load);
  measured_.push_back(std::move(one));
  return absl::OkStatus();
}

absl::Status Meter::StartLedgers() {
  for (const auto& database : system_.databases()) {
    OTPGATE_ASSIGN_OR_RETURN(const RowCounts counts, database->Count());
    ledgers_.emplace(database.get(), Ledger(counts));
  }
  return absl::OkStatus();
}

absl::Status Meter::CheckLedgers() {
  for (const auto& database : system_.databases()) {
    OTPGATE_ASSIGN_OR_RETURN(const RowCounts counts, database->Count());
    OTPGATE_RETURN_IF_ERROR(ledgers_.at(database.get()).Check(counts));
  }
  return absl::OkStatus();
}

}  // namespace otpgate::bench
