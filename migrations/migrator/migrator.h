#ifndef OTPGATE_MIGRATIONS_MIGRATOR_MIGRATOR_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_MIGRATOR_H_

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/pg/connection.h"
#include "migrations/migrator/history.h"
#include "migrations/migrator/losses.h"
#include "migrations/migrator/migration.h"
#include "migrations/migrator/provision.h"

namespace otpgate::migrator {

inline constexpr int kNewest = std::numeric_limits<int>::max();

// Applies and takes back migrations of one database as otpgate_owner, with one transaction per
// file. Only one migrator works on a database at a time; see Lock. Blocking; not thread-safe.
//
// Besides the codes of pg::StatusFromException for an admin:
//   FAILED_PRECONDITION  drift: files and database do not agree; nothing was changed
//   DEADLINE_EXCEEDED    somebody else migrates or locks a table; earlier files stay applied
//   UNKNOWN              the connection was lost at a commit: read the state again
//   INVALID_ARGUMENT     there is no such version, or a file ended its transaction and was not
//                        recorded
//   NOT_FOUND            there is nothing to take back
//   ABORTED              Down: the newest file or the rows are not those of the preview any more
class Migrator {
 public:
  // `known` is in order, as EmbeddedMigrations and MigrationsInFolder return it. `lock_timeout` is
  // the longest wait for the lock.
  Migrator(std::unique_ptr<pg::Connection> connection, std::vector<Migration> known,
           absl::Duration lock_timeout);

  // Returns what is applied, pending and drifted. Reads only, as any role that may read
  // schema_migrations.
  absl::StatusOr<State> ReadState();

  // Returns the roles, rights and settings that Up would mend. Reads only.
  absl::StatusOr<std::vector<Gap>> ReadGaps() { return FindGaps(*connection_); }

  // Applies what is pending up to version `target`, and calls `done` with each file after its
  // commit. Mends roles and settings even if nothing is pending.
  using Done = std::function<void(const Migration&)>;
  absl::Status Up(int target = kNewest, const Done& done = nullptr);

  // Returns what the next Down would do. Changes nothing, but holds the locks of the step for a
  // moment, and waits at most 200 ms for them (DEADLINE_EXCEEDED).
  struct Step {
    Migration migration;
    std::vector<Loss> losses;  // empty: no data would be lost
  };
  absl::StatusOr<Step> PreviewDown();

  // Takes back `step`. ABORTED, without a change, if it is not the newest applied file any more, or
  // if `may_lose` is false and there is data to lose.
  absl::Status Down(const Step& step, bool may_lose);

  pg::Connection& connection() { return *connection_; }

 private:
  absl::StatusOr<Migration> NewestApplied();
  absl::Status Apply(const Migration& migration);

  std::unique_ptr<pg::Connection> connection_;
  std::vector<Migration> known_;
  absl::Duration lock_timeout_;
};

// OK if the schema is the one this program was built for, or a newer one: old servers keep running
// while new ones are rolled out. Needs only the right to read schema_migrations.
//   FAILED_PRECONDITION  the schema does not fit; the message says what to run
//   UNAVAILABLE          no connection, or no answer within the limit of options.answer_watch
absl::Status CheckCurrentSchema(const pg::ConnectionOptions& options);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_MIGRATOR_H_
