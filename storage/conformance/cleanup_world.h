#ifndef OTPGATE_STORAGE_CONFORMANCE_CLEANUP_WORLD_H_
#define OTPGATE_STORAGE_CONFORMANCE_CLEANUP_WORLD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"
#include "storage/outbox.h"
#include "storage/session_types.h"
#include "storage/storage.h"

namespace otpgate::storage::conformance {

// An empty database of some kind, for tests of the cleanup.
class CleanupWorld {
 public:
  virtual ~CleanupWorld() = default;

  // The stores of one more server.
  virtual std::unique_ptr<Store<Subject>> NewSubjects() = 0;
  virtual std::unique_ptr<Store<Bucket>> NewBuckets() = 0;
  virtual std::unique_ptr<Store<Session>> NewSessions() = 0;
  virtual std::unique_ptr<Outbox> NewOutbox() = 0;
  virtual std::unique_ptr<Cleaner> NewCleaner() = 0;
  virtual std::unique_ptr<JobLeases> NewJobLeases() = 0;

  // Lets time pass for all rows.
  virtual void Advance(absl::Duration by) = 0;
  virtual int64_t CountRows(const std::string& table) = 0;
};

struct CleanupWorldKind {
  std::string name;
  std::function<std::unique_ptr<CleanupWorld>()> make;
};

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_CLEANUP_WORLD_H_
