#ifndef OTPGATE_TESTS_BENCH_GATEWAY_IDLE_MEMORY_H_
#define OTPGATE_TESTS_BENCH_GATEWAY_IDLE_MEMORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/gateway/gateway_report.h"

namespace otpgate::bench {

// Opens connections to an otpgate-gateway of its own, in front of the server on a port of
// 127.0.0.1, makes one call on each and leaves them open. Measures the memory of the gateway
// before and after. Raises the limit of open files of this process.
//
// FAILED_PRECONDITION: that limit cannot be raised far enough. INTERNAL: a connection was refused,
// or had been closed by the time of the measurement.
absl::StatusOr<IdleMemory> MeasureIdleMemory(const std::string& gateway_program, int server_port,
                                             int connections, bool tls);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GATEWAY_IDLE_MEMORY_H_
