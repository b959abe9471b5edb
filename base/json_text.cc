#include "base/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace otpgate {
namespace {

// Whether JSON writes the text as it is.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

void AppendJsonText(std::string& out, absl::string_view text, JsonCharacters characters) {
  if (IsPlain(text)) {
    absl::StrAppend(&out, "\"", text, "\"");
  } else {
    out += nlohmann::json(std::string(text))
               .dump(-1, ' ', characters == JsonCharacters::kAscii,
                     nlohmann::json::error_handler_t::replace);
  }
}

}  // namespace otpgate
