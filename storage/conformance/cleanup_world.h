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

namespace otpgate::testing {

// One empty database that is cleaned up, of whatever kind.
class CleanupWorld {
 public:
  virtual ~CleanupWorld() = default;

  // The ways in of one more server.
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

}  // namespace otpgate::testing

#endif  // OTPGATE_STORAGE_CONFORMANCE_CLEANUP_WORLD_H_
