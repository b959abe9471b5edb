#include "migrations/migrator/history.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"

namespace otpgate::migrator {
namespace {

constexpr char kCreate[] = R"sql(
  CREATE TABLE schema_migrations (
      version    integer     NOT NULL,
      name       text        NOT NULL,
      checksum   text        NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      applied_by text        NOT NULL DEFAULT session_user,
      CONSTRAINT schema_migrations_pkey PRIMARY KEY (version),
      CONSTRAINT schema_migrations_version_positive CHECK (version > 0),
      CONSTRAINT schema_migrations_checksum_length CHECK (octet_length(checksum) = 64)
  );
  COMMENT ON TABLE schema_migrations IS 'Applied files with the SHA-256 of their text. Written by the migrator alone.';
  GRANT SELECT ON schema_migrations TO otpgate_app, otpgate_cleanup, otpgate_readonly;
)sql";

constexpr char kRead[] = R"sql(
  SELECT version, name, checksum,
         to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    FROM schema_migrations
   ORDER BY version
)sql";

absl::StatusOr<bool> HasHistory(pg::Connection& connection) {
  OTPGATE_ASSIGN_OR_RETURN(
      const pg::Rows rows,
      connection.Query("look for schema_migrations",
                       "SELECT to_regclass('public.schema_migrations') IS NOT NULL"));
  return rows.at(0).at(0) == "t";
}

std::string Label(int version, absl::string_view name) {
  return absl::StrFormat("V%03d__%s", version, name);
}

}  // namespace

absl::StatusOr<std::vector<Applied>> ReadHistory(pg::Connection& connection) {
  OTPGATE_ASSIGN_OR_RETURN(const bool there, HasHistory(connection));
  std::vector<Applied> applied;
  if (!there) return applied;
  OTPGATE_ASSIGN_OR_RETURN(const pg::Rows rows, connection.Query("read schema_migrations", kRead));
  for (const pg::Row& row : rows) {
    Applied& one = applied.emplace_back();
    if (!absl::SimpleAtoi(row.at(0), &one.version)) {
      return absl::InternalError("read schema_migrations: a version is not a number");
    }
    one.name = row.at(1);
    one.checksum = row.at(2);
    one.applied_at = row.at(3);
  }
  return applied;
}

absl::Status CreateHistory(pg::Connection& connection) {
  OTPGATE_ASSIGN_OR_RETURN(const bool there, HasHistory(connection));
  if (there) return absl::OkStatus();
  Transaction transaction(connection);
  OTPGATE_RETURN_IF_ERROR(transaction.Begin());
  OTPGATE_RETURN_IF_ERROR(connection.Run("create schema_migrations", kCreate));
  return transaction.Commit();
}

absl::Status Record(pg::Connection& connection, const Migration& migration) {
  return connection.Run(
      absl::StrCat(migration.file, ": record"),
      "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1::integer, $2, $3)",
      {absl::StrCat(migration.version), migration.name, migration.checksum});
}

absl::Status Forget(pg::Connection& connection, const Migration& migration) {
  return connection.Run(absl::StrCat(migration.file, ": forget"),
                        "DELETE FROM schema_migrations WHERE version = $1::integer",
                        {absl::StrCat(migration.version)});
}

State Compare(absl::Span<const Migration> known, std::vector<Applied> applied) {
  State state;
  std::set<int> versions;
  for (const Applied& row : applied) {
    versions.insert(row.version);
    const std::string label = Label(row.version, row.name);
    if (row.version < 1 || static_cast<size_t>(row.version) > known.size()) {
      state.drift.push_back(absl::StrCat(label, " is applied, but there is no such file here"));
      continue;
    }
    const Migration& file = known[row.version - 1];
    if (file.name != row.name) {
      state.drift.push_back(absl::StrCat(label, " is applied, but the file is ", file.file));
    } else if (file.checksum != row.checksum) {
      state.drift.push_back(absl::StrCat(file.file, " was changed after it was applied"));
    }
  }
  if (!versions.empty()) state.version = *versions.rbegin();
  for (const Migration& file : known) {
    if (versions.contains(file.version)) continue;
    state.pending.push_back(file);
    if (file.version < state.version) {
      state.drift.push_back(absl::StrCat(file.file, " is not applied, but a later one is"));
    }
  }
  state.applied = std::move(applied);
  return state;
}

absl::Status CheckNoDrift(const State& state) {
  if (state.drift.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("files and database do not agree: ", absl::StrJoin(state.drift, "; ")));
}

}  // namespace otpgate::migrator
