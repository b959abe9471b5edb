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
#include "migrations/migrator/history.h"
#include "migrations/migrator/losses.h"
#include "migrations/migrator/migration.h"
#include "migrations/migrator/provision.h"
#include "migrations/migrator/session.h"

namespace otpgate::migrator {

inline constexpr int kNewest = std::numeric_limits<int>::max();

// Moves the schema of one database, one file and one transaction at a time, as otpgate_owner. One
// at a time: see Lock. Blocking; not thread-safe.
//
// Besides the codes of StatusOfCurrentException:
//   FAILED_PRECONDITION  drift: files and database do not agree; nothing was changed
//   DEADLINE_EXCEEDED    somebody else migrates, or holds a table; what came before stays applied
//   UNKNOWN              the connection was lost at a commit: ask for the state again
//   INVALID_ARGUMENT     there is no such version, or a file ended its transaction and was not
//   recorded NOT_FOUND            there is nothing to take back
class Migrator {
 public:
  // `known` is in order (EmbeddedMigrations, MigrationsInFolder).
  Migrator(std::unique_ptr<Session> session, std::vector<Migration> known, absl::Duration patience);

  // What is applied, pending and wrong. Reads only; any role that may read schema_migrations.
  absl::StatusOr<State> ReadState();

  // What Up would mend around the tables. Reads only.
  absl::StatusOr<std::vector<Gap>> ReadGaps() { return FindGaps(*session_); }

  // Applies what is pending up to `target`; each file is told to `done` once it is committed. Roles
  // and settings are mended also when nothing is pending.
  using Done = std::function<void(const Migration&)>;
  absl::Status Up(int target = kNewest, const Done& done = nullptr);

  // What the next Down would take away. Changes nothing, but holds the locks of the step for a
  // moment (or gives up at once: DEADLINE_EXCEEDED).
  struct Step {
    Migration migration;
    std::vector<Loss> losses;  // empty: nothing in the tables would be lost
  };
  absl::StatusOr<Step> PreviewDown();

  // Takes back `step`, the newest applied file. With `may_lose` false ABORTED and no change when
  // there are rows to lose after all.
  absl::Status Down(const Step& step, bool may_lose);

  Session& session() { return *session_; }

 private:
  absl::StatusOr<Migration> NewestApplied();
  absl::Status Apply(const Migration& migration);

  std::unique_ptr<Session> session_;
  std::vector<Migration> known_;
  absl::Duration patience_;
};

// OK when the schema is what this program was built for, or newer (an older server keeps running
// while a newer one is rolled out). Needs only the right to read schema_migrations.
//   FAILED_PRECONDITION  it does not fit; the message says what to run
//   UNAVAILABLE          no connection, or no answer in the time `answers` gives (null: any time)
absl::Status CheckCurrentSchema(absl::string_view connection_string,
                                AnswerWatch* answers = nullptr);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_MIGRATOR_H_
