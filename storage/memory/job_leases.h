#ifndef OTPGATE_STORAGE_MEMORY_JOB_LEASES_H_
#define OTPGATE_STORAGE_MEMORY_JOB_LEASES_H_

#include <optional>

#include "storage/job_leases.h"
#include "storage/memory/database.h"
#include "storage/memory/store.h"

namespace otpgate::storage::memory {

// JobLeases over a MemoryDatabase. Never fails. One thread per object; the database must outlive
// it.
class MemoryJobLeases final : public JobLeases {
 public:
  explicit MemoryJobLeases(MemoryDatabase& database)
      : database_(&database), clock_(database.clock()) {}

  absl::StatusOr<LeaseAnswer> Take(absl::string_view job, absl::string_view holder,
                                   absl::Duration lease, bool at_once) override;
  absl::StatusOr<bool> Renew(absl::string_view job, absl::string_view holder,
                             absl::Duration lease) override;
  absl::StatusOr<bool> Finish(absl::string_view job, absl::string_view holder,
                              absl::Duration interval, absl::string_view result) override;
  absl::StatusOr<std::optional<JobLease>> Read(absl::string_view job) override;

 private:
  MemoryDatabase* const database_;
  MemoryStoreClock clock_;
};

}  // namespace otpgate::storage::memory

#endif  // OTPGATE_STORAGE_MEMORY_JOB_LEASES_H_
