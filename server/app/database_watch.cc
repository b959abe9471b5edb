#include "server/app/database_watch.h"

namespace otpgate::app {

absl::Status DatabaseWatch::Start() {
  absl::Status first = Poll();
  if (absl::IsFailedPrecondition(first)) return first;
  repeater_ =
      std::make_unique<runtime::Repeater>(parts_.interval, [this] { Poll().IgnoreError(); });
  return absl::OkStatus();
}

absl::Status DatabaseWatch::Poll() {
  absl::Status status = prepared_ ? parts_.ping() : parts_.prepare();
  prepared_ = prepared_ || status.ok();
  Note(status);
  return status;
}

void DatabaseWatch::Note(const absl::Status& status) {
  if (status.ok() != serving_) {
    serving_ = status.ok();
    parts_.set_serving(serving_);
    if (serving_) {
      problem_.clear();
      parts_.log->Info("DATABASE_AVAILABLE");
    }
  }
  if (status.ok() || problem_ == status.message()) return;
  problem_ = std::string(status.message());
  parts_.log->Error("DATABASE_UNAVAILABLE", {{"problem", problem_}});
}

}  // namespace otpgate::app
