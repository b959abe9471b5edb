#ifndef OTPGATE_TESTS_SUPPORT_SCRIPTED_LEASES_H_
#define OTPGATE_TESTS_SUPPORT_SCRIPTED_LEASES_H_

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/job_leases.h"

namespace otpgate::support {

// A lease that is free and never lost. The next calls get the answers in `next` instead, where OK
// means "held by another process".
class ScriptedLeases final : public storage::JobLeases {
 public:
  explicit ScriptedLeases(std::deque<absl::Status> first = {}) : next(std::move(first)) {}

  absl::StatusOr<storage::LeaseAnswer> Take(absl::string_view, absl::string_view, absl::Duration,
                                            bool) override {
    const absl::StatusOr<bool> held = Answer();
    if (!held.ok()) return held.status();
    return storage::LeaseAnswer{.taken = *held, .wait = {}};
  }
  absl::StatusOr<bool> Renew(absl::string_view, absl::string_view, absl::Duration) override {
    return Answer();
  }
  absl::StatusOr<bool> Finish(absl::string_view, absl::string_view, absl::Duration,
                              absl::string_view) override {
    return Answer();
  }
  absl::StatusOr<std::optional<storage::JobLease>> Read(absl::string_view) override {
    return std::nullopt;
  }

  std::deque<absl::Status> next;
  int calls = 0;

 private:
  absl::StatusOr<bool> Answer() {
    ++calls;
    if (next.empty()) return true;
    const absl::Status status = next.front();
    next.pop_front();
    if (!status.ok()) return status;
    return false;
  }
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_SCRIPTED_LEASES_H_
