#ifndef OTPGATE_SERVER_BACKEND_H_
#define OTPGATE_SERVER_BACKEND_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/config/config.h"
#include "server/runtime/clock.h"
#include "storage/outbox.h"
#include "storage/session_types.h"
#include "storage/signing_keys.h"
#include "storage/storage.h"

namespace otpgate {

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

  // Whether this service may run on it: schema and, in production, durability and privacy.
  // Blocking; one thread.
  //   FAILED_PRECONDITION  it may not; the message says what to do
  //   UNAVAILABLE          cannot be reached
  virtual absl::Status Check() = 0;
  // Whether it answers. Blocking; the thread of Check.
  virtual absl::Status Ping() = 0;
};

// All rows in this process, for development (use_database = false).
std::unique_ptr<Backend> MakeMemoryBackend(const Clock& clock);

// PostgreSQL. Connects when asked, not before.
//   INVALID_ARGUMENT  the password file cannot be used
absl::StatusOr<std::unique_ptr<Backend>> MakePostgresBackend(const Config& config,
                                                             const Clock& clock);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_BACKEND_H_
