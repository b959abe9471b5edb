#ifndef OTPGATE_SERVER_APP_BACKEND_H_
#define OTPGATE_SERVER_APP_BACKEND_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "server/config/config.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"
#include "storage/outbox.h"
#include "storage/session_types.h"
#include "storage/signing_keys.h"
#include "storage/storage.h"

namespace otpgate::app {

// Callbacks of a backend; thread-safe, must not block, may be empty.
struct BackendObserver {
  std::function<void(absl::string_view name, absl::Duration took)> on_statement;
  // The database's clock minus that of this server, at each Ping.
  std::function<void(absl::Duration)> on_clock_offset;
};

// The store of this process. Every Make returns an object for one thread; the backend outlives
// them.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<storage::Store<storage::Subject>> MakeSubjects() = 0;
  virtual std::unique_ptr<storage::Store<storage::Bucket>> MakeBuckets() = 0;
  virtual std::unique_ptr<storage::Store<storage::Session>> MakeSessions() = 0;
  virtual std::unique_ptr<storage::Store<storage::User>> MakeUsers() = 0;
  virtual std::unique_ptr<storage::Reader<storage::AccountView>> MakeAccounts() = 0;
  virtual std::unique_ptr<storage::Reader<storage::SessionList>> MakeSessionLists() = 0;
  virtual std::unique_ptr<storage::Outbox> MakeOutbox() = 0;
  virtual std::unique_ptr<storage::SigningKeys> MakeSigningKeys() = 0;
  virtual std::unique_ptr<storage::Cleaner> MakeCleaner() = 0;
  virtual std::unique_ptr<storage::JobLeases> MakeJobLeases() = 0;

  // Checks whether this server may use the store: schema and, in production, durability and
  // privacy. Blocking; one thread.
  //   FAILED_PRECONDITION  it may not; the message says what to do
  //   UNAVAILABLE          the store cannot be reached, or the problem may pass by itself
  virtual absl::Status Check() = 0;
  // Checks whether the store answers, and its clock and ours agree. Blocking; the thread of Check.
  virtual absl::Status Ping() = 0;
};

// Keeps all rows in this process, for development (use_database = false).
std::unique_ptr<Backend> MakeMemoryBackend(const Clock& clock);

// Keeps rows in PostgreSQL. Connects on first use.
//   INVALID_ARGUMENT  a password file or database.url cannot be used
absl::StatusOr<std::unique_ptr<Backend>> MakePostgresBackend(const config::Config& config,
                                                             const Clock& clock,
                                                             BackendObserver observer = {});

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_BACKEND_H_
