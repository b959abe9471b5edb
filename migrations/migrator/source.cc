#include "migrations/migrator/source.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/text_file.h"

namespace otpgate::migrator {

absl::StatusOr<std::vector<Migration>> EmbeddedMigrations() {
  std::vector<Migration> migrations;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    OTPGATE_ASSIGN_OR_RETURN(Migration migration, ParseMigration(file.name, file.text));
    migrations.push_back(std::move(migration));
  }
  return InOrder(std::move(migrations));
}

absl::StatusOr<std::vector<Migration>> MigrationsInFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return absl::NotFoundError(absl::StrCat(folder, ": ", error.message()));
  std::vector<Migration> migrations;
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".sql") continue;
    OTPGATE_ASSIGN_OR_RETURN(std::string text, ReadTextFile(entry.path().string()));
    OTPGATE_ASSIGN_OR_RETURN(Migration migration,
                             ParseMigration(entry.path().filename().string(), text));
    migrations.push_back(std::move(migration));
  }
  if (migrations.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": holds no V001__name.sql files"));
  }
  return InOrder(std::move(migrations));
}

}  // namespace otpgate::migrator
