#ifndef OTPGATE_MIGRATIONS_MIGRATOR_SOURCE_H_
#define OTPGATE_MIGRATIONS_MIGRATOR_SOURCE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "migrations/migrator/migration.h"

namespace otpgate::migrator {

struct EmbeddedFile {
  absl::string_view name;
  absl::string_view text;
};

// The files of migrations/sql when this program was built. The build generates this function.
absl::Span<const EmbeddedFile> EmbeddedFiles();

// The embedded files, parsed and in order.
absl::StatusOr<std::vector<Migration>> EmbeddedMigrations();

// The *.sql files of a folder, parsed and in order. INVALID_ARGUMENT: there is no file, or one is
// wrong. NOT_FOUND: the folder or a file cannot be read.
absl::StatusOr<std::vector<Migration>> MigrationsInFolder(const std::string& folder);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_SOURCE_H_
