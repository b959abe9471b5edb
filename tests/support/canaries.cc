#include "tests/support/canaries.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "tests/support/program.h"

namespace otpgate::support {
namespace {

constexpr size_t kBytesMin = 8;
constexpr int kTries = 20;

std::string LongestPart(const std::string& text) {
  absl::string_view longest;
  for (absl::string_view part :
       absl::StrSplit(text, absl::ByAnyChar(absl::string_view("\0\n", 2)))) {
    if (part.size() > longest.size()) longest = part;
  }
  return std::string(longest);
}

// Whether all errors are about files that vanished.
bool OnlyVanished(const std::string& errors) {
  for (absl::string_view line : absl::StrSplit(errors, '\n', absl::SkipEmpty())) {
    if (!absl::EndsWith(line, ": No such file or directory")) return false;
  }
  return !errors.empty();
}

}  // namespace

void Canaries::Add(const std::string& text) {
  OTPGATE_CHECK(text.size() >= kBytesMin);
  ++count_;
  const std::string plain = LongestPart(text);
  if (plain.size() >= kBytesMin) patterns_.push_back(plain);
  const std::string hex = absl::BytesToHexString(text);
  patterns_.push_back(hex);
  patterns_.push_back(absl::AsciiStrToUpper(hex));
  // The last characters of base64 depend on what follows.
  const size_t whole = text.size() / 3 * 4;
  patterns_.push_back(absl::Base64Escape(text).substr(0, whole));
  patterns_.push_back(absl::WebSafeBase64Escape(text).substr(0, whole));
}

absl::StatusOr<std::vector<std::string>> Canaries::FilesWith(
    const std::vector<std::string>& places) const {
  for (const std::string& place : places) {
    std::error_code error;
    if (!std::filesystem::exists(place, error) && !error) return absl::NotFoundError(place);
  }
  std::vector<std::string> argv = {
      "/usr/bin/grep",
      "--recursive",
      "--text",
      "--fixed-strings",
      "--files-with-matches",
      absl::StrCat("--file=", folder_.Write("patterns", absl::StrJoin(patterns_, "\n")))};
  argv.insert(argv.end(), places.begin(), places.end());
  ProgramResult result;
  for (int i = 0; i < kTries; ++i) {
    // Bytes, not characters; messages in English.
    result = RunProgram(argv, {.environment = {{"LC_ALL", "C"}}});
    if (result.exit_code <= 1) return absl::StrSplit(result.out, '\n', absl::SkipEmpty());
    if (!OnlyVanished(result.err)) break;
  }
  return absl::InternalError(absl::StrCat("grep: ", result.exit_code, " ", result.err));
}

}  // namespace otpgate::support
