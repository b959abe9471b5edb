#include "base/log.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/json_text.h"

namespace otpgate {
namespace {

constexpr absl::string_view kTruncated = ",\"truncated\":true";
constexpr absl::string_view kEnd = "}\n";
constexpr size_t kUsualBytes = 384;

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

void Append(std::string& line, absl::string_view text) {
  AppendJsonText(line, text.substr(0, Log::kMaxValueBytes));
}

void Append(std::string& line, int64_t number) { absl::StrAppend(&line, number); }
void Append(std::string& line, bool flag) { line += flag ? "true" : "false"; }
void Append(std::string& line, double number) { line += nlohmann::json(number).dump(); }

void Append(std::string& line, const LogField& field) {
  line += ',';
  Append(line, field.key);
  line += ':';
  std::visit([&line](const auto& value) { Append(line, value); }, field.value);
}

// RFC 3339 in UTC with microseconds. Each thread formats the calendar part once per second.
void AppendTime(std::string& line, absl::Time time) {
  struct Second {
    int64_t number = std::numeric_limits<int64_t>::min();
    std::string text;
  };
  thread_local Second second;
  const absl::Duration since_epoch = time - absl::UnixEpoch();
  const absl::Duration whole = absl::Floor(since_epoch, absl::Seconds(1));
  const int64_t number = absl::ToInt64Seconds(whole);
  if (number != second.number) {
    second = {number, absl::FormatTime("%Y-%m-%d%ET%H:%M:%S", time, absl::UTCTimeZone())};
  }
  const int64_t micros = absl::ToInt64Microseconds(since_epoch - whole);
  absl::StrAppend(&line, second.text, ".", absl::Dec(micros, absl::kZeroPad6), "Z");
}

}  // namespace

void Log::Write(LogLevel level, absl::string_view event, absl::Span<const LogField> fields) {
  if (level < least_) return;
  std::string line;
  line.reserve(kUsualBytes);
  line += "{\"time\":\"";
  AppendTime(line, clock_->Now());
  absl::StrAppend(&line, "\",\"level\":\"", LevelName(level), "\",\"event\":");
  Append(line, event);
  const size_t room = kMaxLineBytes - kTruncated.size() - kEnd.size();
  bool truncated = false;
  for (const LogField& field : fields) {
    const size_t before = line.size();
    Append(line, field);
    if (line.size() <= room) continue;
    line.resize(before);
    truncated = true;
  }
  absl::StrAppend(&line, truncated ? kTruncated : "", kEnd);
  sink_->Write(line);
  if (level >= LogLevel::kWarning) sink_->Flush();
}

}  // namespace otpgate
