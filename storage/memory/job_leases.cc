#include "storage/memory/job_leases.h"

#include <algorithm>
#include <string>

namespace otpgate::storage::memory {
namespace {

// A time further ahead was written while the clock was wrong.
constexpr absl::Duration kTolerance = absl::Minutes(1);

// Null: somebody else holds the job, or it was never taken.
JobLease* FindHeld(Tables& tables, absl::string_view job, absl::string_view holder) {
  const auto row = tables.job_leases.find(std::string(job));
  return row == tables.job_leases.end() || row->second.holder != holder ? nullptr : &row->second;
}

}  // namespace

absl::StatusOr<LeaseAnswer> MemoryJobLeases::Take(absl::string_view job, absl::string_view holder,
                                                  absl::Duration lease, bool at_once) {
  return database_->With([&](Tables& tables) {
    const absl::Time now = clock_.Load();
    const auto [row, fresh] = tables.job_leases.try_emplace(std::string(job));
    JobLease& known = row->second;
    if (fresh) known.held_until = known.due_at = now;
    const bool counts = known.started_at <= now + kTolerance;
    const bool held = known.held_until > now && known.held_until <= now + kJobLeaseMax + kTolerance;
    if (counts && (held || (known.due_at > now && !at_once))) {
      return LeaseAnswer{false, std::max(known.held_until, known.due_at) - now};
    }
    known.holder = std::string(holder);
    known.held_until = now + lease;
    known.started_at = now;
    return LeaseAnswer{true, absl::ZeroDuration()};
  });
}

absl::StatusOr<bool> MemoryJobLeases::Renew(absl::string_view job, absl::string_view holder,
                                            absl::Duration lease) {
  return database_->With([&](Tables& tables) {
    JobLease* const held = FindHeld(tables, job, holder);
    if (held != nullptr) held->held_until = clock_.Load() + lease;
    return held != nullptr;
  });
}

absl::StatusOr<bool> MemoryJobLeases::Finish(absl::string_view job, absl::string_view holder,
                                             absl::Duration interval, absl::string_view result) {
  return database_->With([&](Tables& tables) {
    JobLease* const held = FindHeld(tables, job, holder);
    if (held == nullptr) return false;
    held->held_until = held->started_at;
    held->finished_at = clock_.Load();
    held->due_at = held->started_at + interval;
    held->result = std::string(result);
    return true;
  });
}

absl::StatusOr<std::optional<JobLease>> MemoryJobLeases::Read(absl::string_view job) {
  return database_->With([&](Tables& tables) -> std::optional<JobLease> {
    const auto row = tables.job_leases.find(std::string(job));
    if (row == tables.job_leases.end()) return std::nullopt;
    JobLease lease = row->second;
    lease.now = clock_.Load();
    return lease;
  });
}

}  // namespace otpgate::storage::memory
