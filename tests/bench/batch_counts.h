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

// How many batches a server ran, but for those of limits, and the commands in them, each to be
// asked for by a method (google.protobuf.Empty in, Int64Value out). Thread-safe; outlives the
// server.
class BatchCounts {
 public:
  void Add(const BatchReport& report) {
    batches_.fetch_add(1, std::memory_order_relaxed);
    commands_.fetch_add(static_cast<int64_t>(report.commands), std::memory_order_relaxed);
  }

  std::vector<UnaryMethod> Methods() const {
    return {Tell(kBatches, batches_), Tell(kCommands, commands_)};
  }

 private:
  static UnaryMethod Tell(const char* name, const std::atomic<int64_t>& count) {
    using ::google::protobuf::Empty;
    using ::google::protobuf::Int64Value;
    return Unary<Empty, Int64Value>(name, Access::kCallers,
                                    [&count](const CallInfo&, const Empty&, Done<Int64Value> done) {
                                      Int64Value value;
                                      value.set_value(count.load(std::memory_order_relaxed));
                                      done(value);
                                    });
  }

  std::atomic<int64_t> batches_{0};
  std::atomic<int64_t> commands_{0};
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_BATCH_COUNTS_H_
