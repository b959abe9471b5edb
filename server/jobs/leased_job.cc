#include "server/jobs/leased_job.h"

#include <algorithm>

#include "server/jobs/contention.h"

namespace otpgate {
namespace {

// The lease says when a run is due; a server that has just begun, or lost a try, need not wait a
// long interval to ask.
constexpr absl::Duration kLookAgain = absl::Minutes(1);

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
  absl::Duration wait = std::min(options_.interval, kLookAgain);
  while (Pass(wait)) wait = Look();
}

bool LeasedJob::Pass(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  return !changed_.Await(&mu_, stopping_, time);
}

bool LeasedJob::PassAndKeep(absl::Duration time) {
  return keeper_.KeepFor(time,
                         [this](absl::Duration slice) { return Pass(slice) && parts_.may_run(); });
}

absl::Duration LeasedJob::Look() {
  if (!parts_.may_run()) return std::min(options_.lease, options_.interval);
  const absl::Duration began = parts_.clock->Steady();
  const absl::StatusOr<LeaseAnswer> answer = keeper_.Take(/*at_once=*/false);
  if (!answer.ok()) {
    if (!IsContention(answer.status())) parts_.on_failure(answer.status());
    return std::min(options_.interval, kLookAgain);
  }
  if (!answer->taken) return std::min(answer->wait, options_.interval);
  const absl::StatusOr<std::string> done =
      parts_.run([this](absl::Duration time) { return PassAndKeep(time); });
  if (!done.ok()) parts_.on_failure(done.status());
  // Also after a failure: nobody else would fare better at once.
  const absl::StatusOr<bool> finished =
      keeper_.Finish(options_.interval, done.ok() ? *done : std::string(R"({"failed":true})"));
  if (!finished.ok() && done.ok()) parts_.on_failure(finished.status());
  return std::max(options_.interval - (parts_.clock->Steady() - began), absl::ZeroDuration());
}

}  // namespace otpgate
