#ifndef OTPGATE_SERVER_BACKEND_H_
#define OTPGATE_SERVER_BACKEND_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/config.h"
#include "server/runtime/clock.h"
#include "storage/cleanup.h"
#include "storage/job_leases.h"
#include "storage/outbox.h"
#include "storage/session_types.h"
#include "storage/signing_keys.h"
#include "storage/storage.h"

namespace otpgate {

// Who is told of a backend; thread-safe, must not block. Empty: nobody.
struct BackendObserver {
  std::function<void(absl::string_view name, absl::Duration took)> on_statement;
  // The database's clock minus that of this server, at each Ping.
  std::function<void(absl::Duration)> on_clock_offset;
};

// Where this process keeps its rows. Every Make gives an object for one thread; the backend
// outlives them.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<Store<Subject>> MakeSubjects() = 0;
  virtual std::unique_ptr<Store<Bucket>> MakeBuckets() = 0;
  virtual std::unique_ptr<Store<Session>> MakeSessions() = 0;
  virtual std::unique_ptr<Store<User>> MakeUsers() = 0;
  virtual std::unique_ptr<Reader<AccountView>> MakeAccounts() = 0;
  virtual std::unique_ptr<Reader<SessionList>> MakeSessionLists() = 0;
  virtual std::unique_ptr<Outbox> MakeOutbox() = 0;
  virtual std::unique_ptr<SigningKeys> MakeSigningKeys() = 0;
  virtual std::unique_ptr<Cleaner> MakeCleaner() = 0;
  virtual std::unique_ptr<JobLeases> MakeJobLeases() = 0;

  // Whether this service may run on it: schema and, in production, durability and privacy.
  // Blocking; one thread.
  //   FAILED_PRECONDITION  it may not; the message says what to do
  //   UNAVAILABLE          cannot be reached
  virtual absl::Status Check() = 0;
  // Whether it answers, and its clock and ours agree. Blocking; the thread of Check.
  virtual absl::Status Ping() = 0;
};

// All rows in this process, for development (use_database = false).
std::unique_ptr<Backend> MakeMemoryBackend(const Clock& clock);

// PostgreSQL. Connects when asked, not before.
//   INVALID_ARGUMENT  a password file cannot be used
absl::StatusOr<std::unique_ptr<Backend>> MakePostgresBackend(const Config& config,
                                                             const Clock& clock,
                                                             BackendObserver observer = {});

}  // namespace otpgate

#endif  // OTPGATE_SERVER_BACKEND_H_
