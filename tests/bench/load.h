#ifndef OTPGATE_TESTS_BENCH_LOAD_H_
#define OTPGATE_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace otpgate::bench {

// A call to be made: serialized message, and the end user's address and access token when sent.
struct LoadCall {
  std::string method;  // "package.Service/Method"
  std::string message;
  std::string client_ip = {};
  std::string bearer = {};
};

// What is measured: one call, or a chain of them. Used by one thread.
class Operation {
 public:
  virtual ~Operation() = default;
  // The first call of the `n`-th operation of a load, from 0.
  virtual LoadCall Begin(int64_t n) = 0;
  // Its call was answered with `reply`: the next one, or nothing when the operation is complete.
  virtual std::optional<LoadCall> Continue(int64_t n, const std::string& reply) = 0;
};

// A load ends after whichever comes first.
struct LoadLimits {
  int concurrency = 1;
  int64_t operations = 0;
  absl::Duration duration = absl::InfiniteDuration();
};

struct LoadResult {
  absl::Duration elapsed;
  std::vector<absl::Duration> latencies;  // one per operation, ascending
};

// A closed loop against a port of 127.0.0.1: so many operations are under way all the time, over a
// few connections that stay open between loads. One thread.
class LoadGenerator {
 public:
  explicit LoadGenerator(int port);
  ~LoadGenerator();
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;

  // Any answer but OK ends the load and is returned with the name of its method: a bench must not
  // measure refusals.
  absl::StatusOr<LoadResult> Run(Operation& operation, const LoadLimits& limits);

 private:
  struct Connections;
  const std::unique_ptr<Connections> connections_;
};

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_LOAD_H_
