#ifndef OTPGATE_SERVER_METRICS_CALL_METRICS_H_
#define OTPGATE_SERVER_METRICS_CALL_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate::metrics {

// Counts calls by method and code, with the metric names of go-grpc-prometheus. Thread-safe except
// for Expect.
class CallMetrics {
 public:
  explicit CallMetrics(prometheus::Registry& registry);

  // Counts this method ("otpgate.v1.AuthService/VerifyOtp") by its name; all others count as
  // "other".
  void Expect(const std::string& method);

  void Started(absl::string_view method) const;
  // `code`: a gRPC status code, 0 to 16; all others count as Unknown.
  void Handled(absl::string_view method, int code, absl::Duration took) const;

 private:
  static constexpr size_t kCodes = 17;
  struct Method {
    prometheus::Counter* started = nullptr;
    prometheus::Counter* received = nullptr;
    prometheus::Counter* sent = nullptr;
    std::array<prometheus::Counter*, kCodes> handled = {};
    prometheus::Histogram* seconds = nullptr;
  };

  const Method& Find(absl::string_view method) const;

  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Counter>& received_;
  prometheus::Family<prometheus::Counter>& sent_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  absl::flat_hash_map<std::string, Method> methods_;
};

}  // namespace otpgate::metrics

#endif  // OTPGATE_SERVER_METRICS_CALL_METRICS_H_
