#include "server/config/password_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace otpgate::config {

absl::StatusOr<std::string> ReadPasswordFile(const std::string& path, const FileReader& read_file) {
  const absl::StatusOr<std::string> text = read_file(path);
  if (!text.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("the password file: ", text.status().message()));
  }
  const absl::string_view line = absl::string_view(*text).substr(0, text->find('\n'));
  const absl::string_view password = absl::StripSuffix(line, "\r");
  if (password.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the password file: the first line of ", path, " is empty"));
  }
  return std::string(password);
}

}  // namespace otpgate::config
