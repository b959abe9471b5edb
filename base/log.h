#ifndef OTPGATE_BASE_LOG_H_
#define OTPGATE_BASE_LOG_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/clock.h"

namespace otpgate {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Takes finished lines. Implementations are thread-safe and never block without a limit.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // `lines` holds one or more JSON objects, each with its newline; at most Log::kMaxLineBytes
  // bytes.
  virtual void Write(absl::string_view lines) = 0;
  // Passes on everything written before, if the sink buffers.
  virtual void Flush() {}
};

// A key and a value of a line. Holds views: use it only within the call it is written in.
struct LogField {
  LogField(absl::string_view k, absl::string_view v) : key(k), value(v) {}
  LogField(absl::string_view k, const char* v) : key(k), value(absl::string_view(v)) {}
  LogField(absl::string_view k, const std::string& v) : key(k), value(absl::string_view(v)) {}
  LogField(absl::string_view k, bool v) : key(k), value(v) {}
  LogField(absl::string_view k, double v) : key(k), value(v) {}
  template <std::integral T>
  LogField(absl::string_view k, T v) : key(k), value(static_cast<int64_t>(v)) {}

  absl::string_view key;
  std::variant<absl::string_view, int64_t, bool, double> value;
};

// Writes events as JSON lines:
//   {"time":"2026-01-31T09:30:00.000001Z","level":"info","event":"SIGNUP_OTP_CREATED",...}
//
// Every line is one valid JSON object of printable ASCII, whatever the values hold (line breaks,
// terminal escapes, broken UTF-8): values cannot forge lines. Values longer than kMaxValueBytes are
// cut. Fields that do not fit into the line are left out, and "truncated":true says so.
//
// Event names and keys are literals in the code, never input. Never pass secrets; pass identifiers
// through mask.h.
//
// Warnings and errors flush the sink. Thread-safe.
class Log {
 public:
  static constexpr size_t kMaxLineBytes = 4096;  // PIPE_BUF: lines of several writers do not mix
  static constexpr size_t kMaxValueBytes = 512;
  static constexpr LogLevel kDefaultLevel = LogLevel::kInfo;

  using Fields = std::initializer_list<LogField>;

  // `sink` and `clock` outlive the log. Lines below `least` are dropped.
  Log(LogSink* sink, const Clock* clock, LogLevel least = kDefaultLevel)
      : sink_(sink), clock_(clock), least_(least) {}

  void Debug(absl::string_view event, Fields fields = {}) {
    Write(LogLevel::kDebug, event, fields);
  }
  void Info(absl::string_view event, Fields fields = {}) { Write(LogLevel::kInfo, event, fields); }
  void Warning(absl::string_view event, Fields fields = {}) {
    Write(LogLevel::kWarning, event, fields);
  }
  void Error(absl::string_view event, Fields fields = {}) {
    Write(LogLevel::kError, event, fields);
  }

  void Write(LogLevel level, absl::string_view event, absl::Span<const LogField> fields);

 private:
  LogSink* const sink_;
  const Clock* const clock_;
  const LogLevel least_;
};

}  // namespace otpgate

#endif  // OTPGATE_BASE_LOG_H_
