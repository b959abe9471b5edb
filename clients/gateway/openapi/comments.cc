#include "clients/gateway/openapi/comments.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace otpgate::gateway {

std::string OneLine(absl::string_view text) {
  std::string line(text);
  absl::RemoveExtraAsciiWhitespace(&line);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

std::string FirstParagraph(absl::string_view text) {
  return std::string(text.substr(0, text.find("\n\n")));
}

std::string FirstSentence(absl::string_view text) {
  const std::string line = OneLine(FirstParagraph(text));
  return std::string(absl::StripSuffix(line.substr(0, line.find(". ")), "."));
}

bool SaysRequired(absl::string_view comment) {
  const std::string line = absl::StrCat(". ", OneLine(comment));
  return absl::StrContains(line, ". Required.") || absl::StrContains(line, ". Required,");
}

std::string Paragraphs(absl::string_view one, absl::string_view other) {
  return absl::StrCat(one, one.empty() || other.empty() ? "" : "\n\n", other);
}

std::string CleanComment(absl::string_view text) {
  std::vector<absl::string_view> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::ConsumePrefix(&line, " ");
    lines.push_back(absl::StripTrailingAsciiWhitespace(line));
  }
  const std::string joined = absl::StrJoin(lines, "\n");
  return std::string(absl::StripAsciiWhitespace(joined));
}

}  // namespace otpgate::gateway
