#ifndef OTPGATE_TESTS_BENCH_LOCAL_VERIFICATION_H_
#define OTPGATE_TESTS_BENCH_LOCAL_VERIFICATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/load.h"

namespace otpgate::bench {

struct LocalResult {
  LoadResult load;
  absl::Duration cpu;  // of the thread that verifies
};

// Verifies these access tokens in turn with the client library, as a calling service does: on this
// thread, one at a time, with the keys of the server at `port`, which are fetched before the
// measurement. `tokens` is not empty, and no token may be refused.
absl::StatusOr<LocalResult> VerifyLocally(int port, const std::vector<std::string>& tokens,
                                          const LoadLimits& limits);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_LOCAL_VERIFICATION_H_
