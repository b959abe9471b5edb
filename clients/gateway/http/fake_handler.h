#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_FAKE_HANDLER_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_FAKE_HANDLER_H_

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "clients/gateway/http/handler.h"

namespace otpgate::gateway {

// For tests: a handler that answers at once with what it got, or that keeps requests for the test
// to answer. Thread-safe.
class FakeHandler final : public HttpHandler {
 public:
  struct Call {
    HttpRequest request;
    Respond respond;
  };

  enum class Mode { kEcho, kKeep };
  explicit FakeHandler(Mode mode = Mode::kEcho) : mode_(mode) {}

  void Handle(HttpRequest request, Respond respond) override {
    const absl::MutexLock lock(&mu_);
    targets_.push_back(request.target);
    if (mode_ == Mode::kKeep) {
      calls_.push_back({std::move(request), std::move(respond)});
      return;
    }
    respond({200, {}, absl::StrCat(request.method, " ", request.target, " ", request.body)});
  }

  HttpResponse Reject(int status, absl::string_view detail) override {
    return {status, {{"X-Rejected", "yes"}}, std::string(detail)};
  }

  // The oldest request that was kept; waits for it.
  Call Take() {
    absl::MutexLock lock(&mu_);
    const auto kept = [this]() { return !calls_.empty(); };
    OTPGATE_CHECK(mu_.AwaitWithTimeout(absl::Condition(&kept), absl::Seconds(20)));
    Call call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

  // How many requests are kept now.
  size_t kept() {
    const absl::MutexLock lock(&mu_);
    return calls_.size();
  }

  // The targets of all requests so far.
  std::vector<std::string> targets() {
    const absl::MutexLock lock(&mu_);
    return targets_;
  }

 private:
  const Mode mode_;
  absl::Mutex mu_;
  std::deque<Call> calls_;
  std::vector<std::string> targets_;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_FAKE_HANDLER_H_
