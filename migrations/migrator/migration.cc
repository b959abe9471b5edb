#include "migrations/migrator/migration.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/crypto/hmac.h"
#include "base/status_macros.h"

namespace otpgate::migrator {
namespace {

constexpr absl::string_view kUpLine = "-- migrate:up";
constexpr absl::string_view kDownLine = "-- migrate:down";

absl::Status Bad(absl::string_view file, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", why));
}

bool IsNameChar(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_'; }

// V001__subjects.sql -> 1, subjects
absl::Status ParseFileName(absl::string_view file, Migration* out) {
  absl::string_view rest = file;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(
      absl::ConsumePrefix(&rest, "V") && absl::ConsumeSuffix(&rest, ".sql") ? rest : "",
      absl::MaxSplits("__", 1));
  const auto& [digits, name] = parts;
  const bool fits = digits.size() == 3 &&
                    std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
                    absl::SimpleAtoi(digits, &out->version) && out->version > 0 && !name.empty() &&
                    std::all_of(name.begin(), name.end(), IsNameChar);
  if (!fits) return Bad(file, "the name must look like V001__lower_case_name.sql");
  out->file = std::string(file);
  out->name = std::string(name);
  return absl::OkStatus();
}

// Matches only lines that begin with the command: BEGIN is also in function bodies, without a
// semicolon.
bool IsTransactionCommand(absl::string_view line) {
  const std::string command = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(line));
  for (absl::string_view word : {"BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK", "ABORT"}) {
    absl::string_view rest = command;
    if (absl::ConsumePrefix(&rest, word) &&
        absl::StartsWith(absl::StripLeadingAsciiWhitespace(rest), ";")) {
      return true;
    }
  }
  return false;
}

bool HasStatement(absl::string_view section) {
  for (absl::string_view line : absl::StrSplit(section, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!line.empty() && !absl::StartsWith(line, "--")) return true;
  }
  return false;
}

absl::Status SplitSections(absl::string_view text, Migration* out) {
  std::string head;
  std::string* section = &head;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const absl::string_view trimmed = absl::StripTrailingAsciiWhitespace(line);
    if (trimmed == kUpLine) {
      if (section != &head) return Bad(out->file, "\"-- migrate:up\" must stand once, and first");
      section = &out->up;
    } else if (trimmed == kDownLine) {
      if (section != &out->up)
        return Bad(out->file, "\"-- migrate:down\" must stand once, after up");
      section = &out->down;
    } else if (IsTransactionCommand(line)) {
      return Bad(out->file, absl::StrCat("no transaction commands: ", trimmed));
    } else {
      absl::StrAppend(section, line, "\n");
    }
  }
  if (HasStatement(head)) return Bad(out->file, "SQL before \"-- migrate:up\"");
  if (!HasStatement(out->up)) return Bad(out->file, "no SQL after \"-- migrate:up\"");
  if (!HasStatement(out->down)) return Bad(out->file, "no SQL after \"-- migrate:down\"");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Migration> ParseMigration(absl::string_view file, absl::string_view text) {
  Migration migration;
  OTPGATE_RETURN_IF_ERROR(ParseFileName(file, &migration));
  OTPGATE_RETURN_IF_ERROR(SplitSections(text, &migration));
  migration.checksum = absl::BytesToHexString(crypto::Sha256(text));
  return migration;
}

absl::StatusOr<std::vector<Migration>> InOrder(std::vector<Migration> migrations) {
  std::sort(migrations.begin(), migrations.end(), [](const Migration& a, const Migration& b) {
    return std::tie(a.version, a.file) < std::tie(b.version, b.file);
  });
  int expected = 1;
  for (const Migration& migration : migrations) {
    if (migration.version < expected) return Bad(migration.file, "its version is taken");
    if (migration.version > expected) {
      return Bad(migration.file, absl::StrCat("there is no version ", expected, " before it"));
    }
    ++expected;
  }
  return migrations;
}

}  // namespace otpgate::migrator
