#ifndef OTPGATE_TESTS_BENCH_REDIS_DESIGN_H_
#define OTPGATE_TESTS_BENCH_REDIS_DESIGN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/http_transport.h"
#include "tests/bench/load.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace otpgate::bench {

// The running design that otpgate replaces: the Express program of redis_design/ with a Redis of
// its own, whose append-only file is synced every second. One thread.
class RedisDesign {
 public:
  struct CpuUsed {
    absl::Duration node;
    absl::Duration redis;
  };

  // `folder`: where install_node_program put it. INTERNAL: Redis or Node.js does not
  // start.
  static absl::StatusOr<std::unique_ptr<RedisDesign>> Start(const std::string& folder);

  Transport& transport() { return *transport_; }
  // CPU time since the start.
  absl::StatusOr<CpuUsed> Used() const;
  // A phone number for which no code was requested yet; a new one each time, because sends are
  // limited.
  std::string NextPhone();

 private:
  RedisDesign() = default;

  // In this order, so that programs end before what they use.
  const support::TempFolder data_;
  std::unique_ptr<support::ServerProcess> redis_;
  std::unique_ptr<support::ServerProcess> node_;
  std::unique_ptr<HttpTransport> transport_;
  int64_t people_ = 0;
};

// Requests and enters a code, for a new person each time. One thread.
class RedisSignIn final : public Operation {
 public:
  explicit RedisSignIn(RedisDesign& design) : design_(design) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  RedisDesign& design_;
  std::vector<std::string> asking_;  // the person, by operation; empty after the code was entered
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_REDIS_DESIGN_H_
