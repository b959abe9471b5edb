#include "server/jobs/leased_job.h"

#include <algorithm>

namespace otpgate::jobs {
namespace {

// The store knows when a run is due, so a server that has just started, or failed to ask, asks
// again soon instead of waiting for a long interval.
constexpr absl::Duration kRetryInterval = absl::Minutes(1);

}  // namespace

void LeasedJob::Start() {
  thread_ = std::thread([this] { Run(); });
}

void LeasedJob::Stop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void LeasedJob::Run() {
  absl::Duration wait = std::min(options_.interval, kRetryInterval);
  while (Wait(wait)) wait = RunIfDue();
}

bool LeasedJob::Wait(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  return !changed_.Await(&mu_, stopping_, time);
}

bool LeasedJob::PauseAndKeepLease(absl::Duration time) {
  return keeper_.KeepFor(time,
                         [this](absl::Duration slice) { return Wait(slice) && parts_.may_run(); });
}

absl::Duration LeasedJob::RunIfDue() {
  if (!parts_.may_run()) return std::min(options_.lease, options_.interval);
  const absl::Duration began = parts_.clock->Steady();
  const absl::StatusOr<storage::LeaseAnswer> answer = keeper_.Take(/*at_once=*/false);
  if (!answer.ok()) {
    if (!IsContention(answer.status())) parts_.on_failure(answer.status());
    return std::min(options_.interval, kRetryInterval);
  }
  if (!answer->taken) return std::min(answer->wait, options_.interval);
  const absl::StatusOr<std::string> done =
      parts_.run([this](absl::Duration time) { return PauseAndKeepLease(time); });
  if (!done.ok()) parts_.on_failure(done.status());
  // Also after a failure: another server would most likely fail too.
  const absl::StatusOr<bool> finished =
      keeper_.Finish(options_.interval, done.ok() ? *done : std::string(R"({"failed":true})"));
  if (!finished.ok() && done.ok()) parts_.on_failure(finished.status());
  return std::max(options_.interval - (parts_.clock->Steady() - began), absl::ZeroDuration());
}

}  // namespace otpgate::jobs
