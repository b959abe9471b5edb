#ifndef OTPGATE_TESTS_BENCH_BATCH_COUNTS_H_
#define OTPGATE_TESTS_BENCH_BATCH_COUNTS_H_

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "server/engine/runner.h"
#include "server/rpc/unary_method.h"

namespace otpgate::bench {

inline constexpr char kBatches[] = "otpgate.bench.v1.BenchService/Batches";
inline constexpr char kCommands[] = "otpgate.bench.v1.BenchService/Commands";

// Counts the batches that a server ran, except those of rate limits, and the commands in them. Each
// count has a method that returns it (google.protobuf.Empty to Int64Value). Thread-safe; outlives
// the server.
class BatchCounts {
 public:
  void Add(const engine::BatchReport& report) {
    batches_.fetch_add(1, std::memory_order_relaxed);
    commands_.fetch_add(static_cast<int64_t>(report.commands), std::memory_order_relaxed);
  }

  std::vector<rpc::UnaryMethod> Methods() const {
    return {CountMethod(kBatches, batches_), CountMethod(kCommands, commands_)};
  }

 private:
  using Int64Value = ::google::protobuf::Int64Value;

  static runtime::Task<errors::Outcome<Int64Value>> Read(const std::atomic<int64_t>* count) {
    Int64Value value;
    value.set_value(count->load(std::memory_order_relaxed));
    co_return value;
  }

  static rpc::UnaryMethod CountMethod(const char* name, const std::atomic<int64_t>& count) {
    using ::google::protobuf::Empty;
    return rpc::Unary<Empty, Int64Value>(
        name, rpc::Access::kCallers,
        [&count](const rpc::CallInfo&, const Empty&) { return Read(&count); });
  }

  std::atomic<int64_t> batches_{0};
  std::atomic<int64_t> commands_{0};
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_BATCH_COUNTS_H_
