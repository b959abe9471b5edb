#ifndef OTPGATE_MIGRATIONS_MIGRATOR_MIGRATION_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_MIGRATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace otpgate::migrator {

// One file `V001__subjects.sql`: a comment that says why, a section after the line `-- migrate:up`
// and one after the line `-- migrate:down`. The migrator runs each section in one transaction, so
// the SQL has no transaction commands.
struct Migration {
  int version = 0;
  std::string name;      // subjects
  std::string file;      // V001__subjects.sql
  std::string checksum;  // SHA-256 of the whole file, in hex
  std::string up;
  std::string down;
};

// Parses one file. INVALID_ARGUMENT names the file and what is wrong.
absl::StatusOr<Migration> ParseMigration(absl::string_view file, absl::string_view text);

// Sorts by version. INVALID_ARGUMENT unless the versions are 1, 2, 3, ... without gap or
// repetition.
absl::StatusOr<std::vector<Migration>> InOrder(std::vector<Migration> migrations);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_MIGRATION_H_
