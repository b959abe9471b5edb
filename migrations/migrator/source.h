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

// migrations/sql as it was when this program was built. The build writes this function.
absl::Span<const EmbeddedFile> EmbeddedFiles();

// The embedded files, read and in order.
absl::StatusOr<std::vector<Migration>> EmbeddedMigrations();

// The *.sql files of a folder, read and in order. INVALID_ARGUMENT: there is none, or one is bad;
// NOT_FOUND: the folder cannot be read.
absl::StatusOr<std::vector<Migration>> MigrationsInFolder(const std::string& folder);

}  // namespace otpgate::migrator

#endif  // OTPGATE_MIGRATIONS_MIGRATOR_SOURCE_H_
