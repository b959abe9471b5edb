#include "tests/bench/stress/cleaning_worker.h"

#include <utility>

#include "server/jobs/cleanup_round.h"

namespace otpgate::bench {

CleaningWorker::CleaningWorker(std::unique_ptr<storage::Cleaner> cleaner, const Clock& clock)
    : cleaner_(std::move(cleaner)), clock_(clock), thread_([this] { Run(); }) {}

CleaningWorker::~CleaningWorker() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  thread_.join();
}

void CleaningWorker::Work(bool on) {
  absl::MutexLock lock(&mu_);
  if (on == on_) return;
  on_ = on;
  if (on) {
    on_since_ = clock_.Steady();
  } else {
    progress_.worked += clock_.Steady() - on_since_;
  }
}

void CleaningWorker::StopPacing() {
  absl::MutexLock lock(&mu_);
  unpaced_ = true;
}

CleaningWorker::Progress CleaningWorker::progress() const {
  absl::MutexLock lock(&mu_);
  Progress progress = progress_;
  if (on_) progress.worked += clock_.Steady() - on_since_;
  return progress;
}

void CleaningWorker::Run() {
  const auto after_step = [this](storage::CleanupKind, int64_t removed, absl::Duration time) {
    CountRemoved(removed);
    return Pause(time);
  };
  while (Pause(absl::ZeroDuration())) {
    const jobs::CleanupReport report =
        Clean(*cleaner_, storage::Retention(), jobs::CleanupPace(), clock_, after_step);
    absl::MutexLock lock(&mu_);
    progress_.rounds += report.complete;
    progress_.problem.Update(report.problem);
  }
}

void CleaningWorker::CountRemoved(int64_t removed) {
  absl::MutexLock lock(&mu_);
  progress_.removed += removed;
}

bool CleaningWorker::Pause(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  const auto ends_early = [this]()
                              ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return stopping_ || unpaced_; };
  mu_.AwaitWithTimeout(absl::Condition(&ends_early), time);
  const auto goes_on = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return stopping_ || on_; };
  mu_.Await(absl::Condition(&goes_on));
  return !stopping_;
}

}  // namespace otpgate::bench
