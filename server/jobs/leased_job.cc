#include "server/jobs/leased_job.h"

#include <algorithm>

namespace otpgate {
namespace {

// Lost against somebody else who wanted the same row at the same moment.
bool IsContention(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}

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
  absl::Duration wait = options_.interval;
  while (Pass(wait)) wait = Look();
}

bool LeasedJob::Pass(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  return !changed_.Await(&mu_, stopping_, time);
}

bool LeasedJob::KeepLease() {
  const absl::Duration now = parts_.clock->Steady();
  if (now - renewed_at_ < options_.lease / 3) return true;
  const absl::StatusOr<bool> held =
      parts_.leases->Renew(parts_.name, parts_.holder, options_.lease);
  if (held.ok() && *held) renewed_at_ = now;
  // Until it ends, a lease is held also when nobody answers.
  return held.ok() ? *held : now - renewed_at_ < options_.lease;
}

bool LeasedJob::PassAndKeep(absl::Duration time) {
  const absl::Duration slice = options_.lease / 3;
  do {
    if (!Pass(std::min(time, slice)) || !parts_.may_run() || !KeepLease()) return false;
    time -= slice;
  } while (time > absl::ZeroDuration());
  return true;
}

absl::Duration LeasedJob::Look() {
  if (!parts_.may_run()) return std::min(options_.lease, options_.interval);
  const absl::Duration began = parts_.clock->Steady();
  renewed_at_ = began;
  const absl::StatusOr<LeaseAnswer> answer =
      parts_.leases->Take(parts_.name, parts_.holder, options_.lease, /*at_once=*/false);
  if (!answer.ok()) {
    if (!IsContention(answer.status())) parts_.on_failure(answer.status());
    return options_.interval;
  }
  if (!answer->taken) return std::min(answer->wait, options_.interval);
  const absl::StatusOr<std::string> done =
      parts_.run([this](absl::Duration time) { return PassAndKeep(time); });
  if (!done.ok()) parts_.on_failure(done.status());
  // Also after a failure: nobody else would fare better at once.
  const absl::StatusOr<bool> finished =
      parts_.leases->Finish(parts_.name, parts_.holder, options_.interval,
                            done.ok() ? *done : std::string(R"({"failed":true})"));
  if (!finished.ok() && done.ok()) parts_.on_failure(finished.status());
  return std::max(options_.interval - (parts_.clock->Steady() - began), absl::ZeroDuration());
}

}  // namespace otpgate
