#include "migrations/migrator/migrator.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/lock.h"
#include "migrations/migrator/source.h"

namespace otpgate::migrator {
namespace {

constexpr char kRunMigrations[] = ": run \"otpgatectl migrate up\"";

absl::Status ActAsOwner(pg::Connection& connection) {
  return connection.Run("act as otpgate_owner", "SET ROLE otpgate_owner");
}

// Locks the tables and counts again: rows may have come since the preview.
absl::Status CheckStillEmpty(pg::Connection& connection, const Migration& migration,
                             const std::vector<Dropped>& dropped) {
  for (const Dropped& one : dropped) {
    OTPGATE_RETURN_IF_ERROR(connection.Run(
        absl::StrCat(migration.file, ": lock ", one.table),
        absl::StrCat("LOCK TABLE public.\"", one.table, "\" IN ACCESS EXCLUSIVE MODE")));
  }
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<Loss> losses, CountLosses(connection, dropped));
  if (losses.empty()) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat(migration.file, ": ", losses.front().table, " is not empty any more"));
}

}  // namespace

Migrator::Migrator(std::unique_ptr<pg::Connection> connection, std::vector<Migration> known,
                   absl::Duration lock_timeout)
    : connection_(std::move(connection)), known_(std::move(known)), lock_timeout_(lock_timeout) {}

absl::StatusOr<State> Migrator::ReadState() {
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Applied> applied, ReadHistory(*connection_));
  return Compare(known_, std::move(applied));
}

absl::Status Migrator::Up(int target, const Done& done) {
  if (target != kNewest && (target < 1 || target > static_cast<int>(known_.size()))) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no version ", target, ", the newest is ", known_.size()));
  }
  OTPGATE_ASSIGN_OR_RETURN(State state, ReadState());
  OTPGATE_RETURN_IF_ERROR(CheckNoDrift(state));
  Lock lock(*connection_);
  OTPGATE_RETURN_IF_ERROR(lock.Acquire(lock_timeout_));
  OTPGATE_RETURN_IF_ERROR(CloseGaps(*connection_));
  OTPGATE_RETURN_IF_ERROR(ActAsOwner(*connection_));
  OTPGATE_RETURN_IF_ERROR(CreateHistory(*connection_));
  OTPGATE_ASSIGN_OR_RETURN(state, ReadState());  // somebody may have been faster
  OTPGATE_RETURN_IF_ERROR(CheckNoDrift(state));
  for (const Migration& migration : state.pending) {
    if (migration.version > target) break;
    OTPGATE_RETURN_IF_ERROR(Apply(migration));
    if (done != nullptr) done(migration);
  }
  return absl::OkStatus();
}

absl::Status Migrator::Apply(const Migration& migration) {
  Transaction transaction(*connection_);
  OTPGATE_RETURN_IF_ERROR(transaction.Begin());
  OTPGATE_RETURN_IF_ERROR(
      transaction.RunForeign(absl::StrCat(migration.file, ": up"), migration.up));
  OTPGATE_RETURN_IF_ERROR(Record(*connection_, migration));
  return transaction.Commit();
}

absl::StatusOr<Migration> Migrator::NewestApplied() {
  OTPGATE_ASSIGN_OR_RETURN(const State state, ReadState());
  OTPGATE_RETURN_IF_ERROR(CheckNoDrift(state));
  if (state.version == 0) return absl::NotFoundError("no migration is applied");
  return known_[state.version - 1];
}

absl::StatusOr<Migrator::Step> Migrator::PreviewDown() {
  OTPGATE_ASSIGN_OR_RETURN(Migration migration, NewestApplied());
  OTPGATE_RETURN_IF_ERROR(ActAsOwner(*connection_));
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<Dropped> dropped,
                           FindDropped(*connection_, migration));
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Loss> losses, CountLosses(*connection_, dropped));
  return Step{std::move(migration), std::move(losses)};
}

absl::Status Migrator::Down(const Step& step, bool may_lose) {
  Lock lock(*connection_);
  OTPGATE_RETURN_IF_ERROR(lock.Acquire(lock_timeout_));
  OTPGATE_ASSIGN_OR_RETURN(const Migration newest, NewestApplied());
  if (newest.version != step.migration.version) {
    return absl::AbortedError(absl::StrCat("the newest version is now ", newest.file));
  }
  OTPGATE_RETURN_IF_ERROR(ActAsOwner(*connection_));
  std::vector<Dropped> dropped;
  if (!may_lose) {
    OTPGATE_ASSIGN_OR_RETURN(dropped, FindDropped(*connection_, newest));
  }
  Transaction transaction(*connection_);
  OTPGATE_RETURN_IF_ERROR(transaction.Begin());
  OTPGATE_RETURN_IF_ERROR(CheckStillEmpty(*connection_, newest, dropped));
  OTPGATE_RETURN_IF_ERROR(transaction.RunForeign(absl::StrCat(newest.file, ": down"), newest.down));
  OTPGATE_RETURN_IF_ERROR(Forget(*connection_, newest));
  return transaction.Commit();
}

namespace {

// The first migration creates the roles, so without it a connection fails.
absl::Status WithHint(const absl::Status& status) {
  if (!absl::StrContains(status.message(), "does not exist")) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), kRunMigrations));
}

}  // namespace

absl::Status CheckCurrentSchema(const pg::ConnectionOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<Migration> known, EmbeddedMigrations());
  const absl::StatusOr<std::unique_ptr<pg::Connection>> connected = Connect(options);
  if (!connected.ok()) return WithHint(connected.status());
  OTPGATE_ASSIGN_OR_RETURN(std::vector<Applied> applied, ReadHistory(**connected));
  std::erase_if(applied, [&](const Applied& row) {
    return row.version > static_cast<int>(known.size());  // of a newer release
  });
  const State state = Compare(known, std::move(applied));
  OTPGATE_RETURN_IF_ERROR(CheckNoDrift(state));
  if (state.pending.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the schema of the database is at version ",
                                                    state.version, " and this program needs ",
                                                    known.size(), kRunMigrations));
}

}  // namespace otpgate::migrator
