#include "server/runtime/log.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace otpgate {
namespace {

constexpr absl::string_view kTruncated = ",\"truncated\":true";
constexpr absl::string_view kEnd = "}\n";

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// ASCII only, so that neither terminals nor log viewers find anything to interpret.
std::string Json(const nlohmann::json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
}

// What JSON writes as it is.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// Nearly all text is plain, and the library takes ten times as long over it.
std::string Json(absl::string_view text) {
  text = text.substr(0, Log::kMaxValueBytes);
  if (IsPlain(text)) return absl::StrCat("\"", text, "\"");
  return Json(nlohmann::json(std::string(text)));
}

std::string Json(int64_t number) { return absl::StrCat(number); }
std::string Json(bool flag) { return flag ? "true" : "false"; }
std::string Json(double number) { return Json(nlohmann::json(number)); }

std::string Json(const LogField& field) {
  return std::visit([](const auto& value) { return Json(value); }, field.value);
}

}  // namespace

void Log::Write(LogLevel level, absl::string_view event, absl::Span<const LogField> fields) {
  if (level < least_) return;
  std::string line =
      absl::StrCat("{\"time\":\"",
                   absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", clock_->Now(), absl::UTCTimeZone()),
                   "\",\"level\":\"", LevelName(level), "\",\"event\":", Json(event));
  const size_t room = kMaxLineBytes - kTruncated.size() - kEnd.size();
  bool truncated = false;
  for (const LogField& field : fields) {
    const std::string text = absl::StrCat(",", Json(field.key), ":", Json(field));
    if (line.size() + text.size() > room) {
      truncated = true;
      continue;
    }
    line += text;
  }
  absl::StrAppend(&line, truncated ? kTruncated : "", kEnd);
  sink_->Write(line);
}

}  // namespace otpgate
