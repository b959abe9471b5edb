#include "tests/bench/local_verification.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "otpgate/client.h"
#include "tests/bench/cpu_time.h"

namespace otpgate::bench {

absl::StatusOr<LocalResult> VerifyLocally(int port, const std::vector<std::string>& tokens,
                                          const LoadLimits& limits) {
  OTPGATE_ASSIGN_OR_RETURN(auto channel,
                           client::NewChannel({.target = absl::StrCat("127.0.0.1:", port)}));
  client::TokenVerifier verifier(std::make_shared<client::AuthClient>(std::move(channel)));
  OTPGATE_RETURN_IF_ERROR(verifier.Verify(tokens.front()).status());

  const SystemClock clock;
  LocalResult result;
  std::vector<absl::Duration>& latencies = result.load.latencies;
  const absl::Duration cpu_before = CpuTimeOfThisThread();
  const absl::Duration start = clock.Steady();
  absl::Duration now = start;
  while (static_cast<int64_t>(latencies.size()) < limits.operations &&
         now - start < limits.duration) {
    const absl::Duration begun = now;
    OTPGATE_RETURN_IF_ERROR(verifier.Verify(tokens[latencies.size() % tokens.size()]).status());
    now = clock.Steady();
    latencies.push_back(now - begun);
  }
  result.cpu = CpuTimeOfThisThread() - cpu_before;
  result.load.elapsed = now - start;
  std::sort(latencies.begin(), latencies.end());
  return result;
}

}  // namespace otpgate::bench
