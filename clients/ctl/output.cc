#include "clients/ctl/output.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace otpgate::ctl {

void Output::Line(absl::string_view text) const {
  if (json_) return;
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);  // shows progress at once
}

void Output::Table(const std::vector<std::vector<std::string>>& rows) const {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, row[i], std::string(widths[i] - row[i].size() + 2, ' '));
    }
    Line(absl::StripTrailingAsciiWhitespace(line));
  }
}

void Output::Finish(Exit exit, const absl::Status& status) {
  if (!json_) {
    if (!status.ok())
      std::fprintf(stderr, "otpgatectl: %s\n", std::string(status.message()).c_str());
    return;
  }
  object_["exit_code"] = static_cast<int>(exit);
  if (!status.ok()) object_["error"] = std::string(status.message());
  // PostgreSQL may send text that is not UTF-8; the output must be valid JSON.
  const std::string text = object_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
}

}  // namespace otpgate::ctl
