#ifndef OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_
#define OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_

#include <google/protobuf/empty.pb.h>

#include "server/rpc/unary_method.h"

namespace otpgate::bench {

inline constexpr char kEmpty[] = "otpgate.bench.v1.BenchService/Empty";

// A method that does nothing (google.protobuf.Empty both ways), served like every other method. It
// shows what the transport alone costs. Only the bench server registers it; it has no proto file.
inline rpc::UnaryMethod EmptyMethod() {
  using ::google::protobuf::Empty;
  return rpc::Unary<Empty, Empty>(
      kEmpty, rpc::Access::kCallers,
      [](rpc::CallInfo, Empty) -> runtime::Task<errors::Outcome<Empty>> { co_return Empty(); });
}

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_
