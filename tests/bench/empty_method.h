#ifndef OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_
#define OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_

#include <google/protobuf/empty.pb.h>

#include "server/rpc/unary_method.h"

namespace otpgate::bench {

inline constexpr char kEmpty[] = "otpgate.bench.v1.BenchService/Empty";

// A call that does nothing (google.protobuf.Empty both ways), served by the same wrapper as every
// other: what the transport alone costs. Only a bench adds it to the methods of a server; the
// service has no proto file and no shipped program knows it.
inline UnaryMethod EmptyMethod() {
  using ::google::protobuf::Empty;
  return Unary<Empty, Empty>(
      kEmpty, Access::kCallers,
      [](const CallInfo&, const Empty&, Done<Empty> done) { done(Empty()); });
}

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_EMPTY_METHOD_H_
