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

// The design that otpgate replaces, running: the Express program of redis_design/ on a Redis of its
// own, whose append-only file is synced every second. One thread.
class RedisDesign {
 public:
  struct CpuUsed {
    absl::Duration node;
    absl::Duration redis;
  };

  // `folder`: where redis_design/install put the program. INTERNAL: Redis or Node.js do not run.
  static absl::StatusOr<std::unique_ptr<RedisDesign>> Start(const std::string& folder);

  Transport& transport() { return *transport_; }
  absl::StatusOr<CpuUsed> Used() const;  // so far
  // Of somebody nobody has asked a code for yet, because sends are limited.
  std::string NextPhone();

 private:
  RedisDesign() = default;

  // Programs end before what they use.
  const testing::TempFolder data_;
  std::unique_ptr<testing::ServerProcess> redis_;
  std::unique_ptr<testing::ServerProcess> node_;
  std::unique_ptr<HttpTransport> transport_;
  int64_t people_ = 0;
};

// A code asked for and entered, of somebody new each. One thread.
class RedisSignIn final : public Operation {
 public:
  explicit RedisSignIn(RedisDesign& design) : design_(design) {}
  LoadCall Begin(int64_t n) override;
  std::optional<LoadCall> Continue(int64_t n, const std::string& reply) override;

 private:
  RedisDesign& design_;
  std::vector<std::string> asking_;  // by operation: who; empty once the code was entered
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_REDIS_DESIGN_H_
