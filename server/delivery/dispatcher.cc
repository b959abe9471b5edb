#include "server/delivery/dispatcher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/status_macros.h"

namespace otpgate::delivery {

Dispatcher::Dispatcher(Parts parts, Options options)
    : parts_(parts), options_(options), pace_(options.pace) {}

void Dispatcher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Dispatcher::Enqueue(storage::MessageKey key) {
  absl::MutexLock lock(&mu_);
  if (stopping_ || waiting_.size() >= options_.waiting_max) {
    ++not_kept_;
    return;
  }
  waiting_.push_back(std::move(key));
  if (waiting_.size() == 1) changed_.Signal();
}

void Dispatcher::Stop() {
  {
    absl::MutexLock lock(&mu_);
    if (!stopping_) stop_at_ = parts_.clock->Steady() + options_.shutdown_grace;
    stopping_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

Counts Dispatcher::counts() const {
  absl::MutexLock lock(&mu_);
  Counts counts = counts_;
  counts.not_kept = not_kept_;
  return counts;
}

size_t Dispatcher::waiting() const {
  absl::MutexLock lock(&mu_);
  return waiting_.size();
}

void Dispatcher::Run() {
  while (WaitForWork()) {
    Note(Step());
    PublishCounts();
  }
}

bool Dispatcher::WaitForWork() {
  absl::MutexLock lock(&mu_);
  while (!stopping_ && !HasWork()) changed_.Wait(&mu_, UntilNext());
  if (stopping_ && MayEnd()) return false;
  if (batch_.empty()) TakeWaiting();
  return true;
}

bool Dispatcher::HasWork() const {
  const absl::Duration now = parts_.clock->Steady();
  if (now < pace_.ready_at()) return false;
  return HasMessages() || now >= pace_.claim_at();
}

bool Dispatcher::HasMessages() const {
  return parts_.courier->has_pending_results() || !batch_.empty() || !waiting_.empty();
}

bool Dispatcher::MayEnd() const {
  return !HasMessages() || pace_.failing() || parts_.clock->Steady() >= stop_at_;
}

absl::Duration Dispatcher::UntilNext() const {
  const absl::Duration next =
      HasMessages() ? pace_.ready_at() : std::max(pace_.ready_at(), pace_.claim_at());
  return std::max(next - parts_.clock->Steady(), absl::ZeroDuration());
}

void Dispatcher::TakeWaiting() {
  const auto taken = static_cast<ptrdiff_t>(std::min(waiting_.size(), options_.batch_max));
  const auto end = waiting_.begin() + taken;
  batch_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
}

absl::Status Dispatcher::Step() {
  const absl::Status turned = parts_.courier->Turn(batch_);
  if (turned.ok() || !MayPass(turned)) batch_.clear();
  OTPGATE_RETURN_IF_ERROR(turned);
  if (parts_.clock->Steady() < pace_.claim_at()) return absl::OkStatus();
  // The results of this batch are told first: a sender that blocks next must not outlast its
  // leases.
  OTPGATE_RETURN_IF_ERROR(parts_.courier->Turn({}));
  OTPGATE_ASSIGN_OR_RETURN(const bool more, parts_.courier->Claim());
  pace_.Claimed(parts_.clock->Steady(), more);
  return absl::OkStatus();
}

void Dispatcher::Note(const absl::Status& status) {
  if (status.ok()) {
    if (pace_.failing()) parts_.log->Info("OUTBOX_AVAILABLE");
    return pace_.Succeeded(parts_.clock->Steady());
  }
  if (!pace_.failing()) {
    parts_.log->Error("OUTBOX_UNAVAILABLE", {{"status", absl::StatusCodeToString(status.code())},
                                             {"detail", std::string(status.message())}});
  }
  pace_.Failed(parts_.clock->Steady(), *parts_.random);
}

void Dispatcher::PublishCounts() {
  absl::MutexLock lock(&mu_);
  counts_ = parts_.courier->counts();
}

}  // namespace otpgate::delivery
