#ifndef OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_
#define OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/pg/connection.h"
#include "storage/postgres/store_connection.h"

namespace otpgate::storage::postgres {

// Version and settings of the database server, as the role of the service sees them.
struct ServerFacts {
  int version = 0;  // server_version_num, e.g. 150018
  std::string encoding;
  // Durability.
  bool fsync = false;
  bool full_page_writes = false;
  std::string synchronous_commit;
  bool in_recovery = false;  // a standby
  // Where statements and their parameters may end up in the server's log.
  std::string log_statement;
  absl::Duration log_min_duration_statement;  // InfiniteDuration: off
  absl::Duration log_min_duration_sample;     // the same
  double log_transaction_sample_rate = 0;
  int log_parameter_max_length = 0;           // -1: whole, 0: never
  int log_parameter_max_length_on_error = 0;  // the same
  std::string log_error_verbosity;
  // Settings of the role. ZeroDuration: none.
  absl::Duration lock_timeout;
  absl::Duration statement_timeout;
  absl::Duration idle_in_transaction_session_timeout;
  bool enable_hashjoin = true;
  bool enable_mergejoin = true;
  bool enable_seqscan = true;
  std::string bytea_output;
};

// The reasons why the service must not run on this server in production, one sentence each with the
// name of the setting; empty: it may.
std::vector<std::string> ProductionProblems(const ServerFacts& facts);

// The server's clock minus the local one, plus or minus `error`.
struct ClockOffset {
  absl::Duration offset;
  absl::Duration error;

  bool IsWithin(absl::Duration limit) const { return absl::AbsDuration(offset) <= limit + error; }
};

// Asks the server, over its own connection. Blocking; one thread per object. Errors are those of
// StoreConnection::Run.
class PgServerChecks {
 public:
  explicit PgServerChecks(pg::ConnectionOptions options);

  absl::StatusOr<ServerFacts> Facts();

  // Returns the server's clock, in one round trip that touches no table.
  absl::StatusOr<absl::Time> Ping();

  // Compares the server's clock with `clock`, in the same round trip.
  absl::StatusOr<ClockOffset> CompareClocks(const Clock& clock);

 private:
  StoreConnection connection_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_
