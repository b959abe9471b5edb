#ifndef OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_
#define OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/runtime/clock.h"
#include "storage/postgres/pg_options.h"
#include "storage/postgres/pg_session.h"

namespace otpgate {

// What the database server says of itself to the role of the service.
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
  // Settings that the role of the service brings along. ZeroDuration: none.
  absl::Duration lock_timeout;
  absl::Duration statement_timeout;
  absl::Duration idle_in_transaction_session_timeout;
  bool enable_hashjoin = true;
  bool enable_mergejoin = true;
  bool enable_seqscan = true;
  std::string bytea_output;
};

// Why a service in production must not run on this server; empty: it may. One sentence each, naming
// the setting.
std::vector<std::string> ProductionProblems(const ServerFacts& facts);

// The server's clock minus ours, give or take `error`.
struct ClockOffset {
  absl::Duration offset;
  absl::Duration error;

  bool IsWithin(absl::Duration limit) const { return absl::AbsDuration(offset) <= limit + error; }
};

// Asks the server, with a connection of its own. Blocking; one thread per object. Errors are those
// of PgSession::Run.
class PgServerChecks {
 public:
  explicit PgServerChecks(PgOptions options);

  absl::StatusOr<ServerFacts> Facts();

  // One round trip that touches no table: the server's clock, when it answers.
  absl::StatusOr<absl::Time> Ping();

  // The same, comparing its clock with this one.
  absl::StatusOr<ClockOffset> CompareClocks(const Clock& clock);

 private:
  PgSession session_;
};

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_SERVER_CHECKS_H_
