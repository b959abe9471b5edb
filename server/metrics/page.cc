#include "server/metrics/page.h"

#include <prometheus/exposer.h>

#include <exception>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace otpgate::metrics {
namespace {

class ExposerPage final : public Page {
 public:
  ExposerPage(const Metrics& metrics, const std::string& address) : exposer_(Options(address)) {
    exposer_.RegisterCollectable(metrics.collectable());
  }
  int port() const override { return exposer_.GetListeningPorts().front(); }

 private:
  // A slow or silent reader is disconnected before its next request is due.
  static std::vector<std::string> Options(const std::string& address) {
    return {"listening_ports", address, "num_threads", "2", "request_timeout_ms", "5000"};
  }

  prometheus::Exposer exposer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Page>> Page::Serve(const Metrics& metrics,
                                                  const std::string& address) {
  try {
    return std::make_unique<ExposerPage>(metrics, address);
  } catch (const std::exception&) {
    return absl::UnavailableError(absl::StrCat("metrics cannot be served on ", address));
  }
}

}  // namespace otpgate::metrics
