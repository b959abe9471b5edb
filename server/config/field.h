#ifndef OTPGATE_SERVER_CONFIG_FIELD_H_
#define OTPGATE_SERVER_CONFIG_FIELD_H_

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/config.h"

// The types of configuration values: how to reach a value in Config, and its bounds (inclusive).
namespace otpgate::config {

inline constexpr absl::Duration kDay = absl::Hours(24);
inline constexpr absl::Duration kYear = absl::Hours(365 * 24);

template <class T>
using Accessor = T& (*)(Config&);

// A check of the form of a text; `form` completes the sentence "must be ...".
struct Form {
  bool (*fits)(absl::string_view text) = nullptr;
  absl::string_view form;
};

struct BoolField {
  Accessor<bool> at;
};
struct IntField {
  std::variant<Accessor<int>, Accessor<size_t>> at;
  int least;
  int most;
  absl::string_view unit;  // "digits"
};
// Written as "30s", "5m", "720h", "30d".
struct DurationField {
  Accessor<absl::Duration> at;
  absl::Duration least;
  absl::Duration most;
};
struct RateField {
  Accessor<domain::Rate> at;
  int most;
  absl::Duration longest;
};
struct TextField {
  Accessor<std::string> at;
  Form form;
};
struct ListField {
  Accessor<std::vector<std::string>> at;
  Form form;  // of each entry
};
// One of a few names; the n-th name is the n-th enumerator.
struct ChoiceField {
  std::vector<absl::string_view> names;
  size_t (*get)(const Config& config);
  void (*set)(Config& config, size_t choice);
};

using Field =
    std::variant<BoolField, IntField, DurationField, RateField, TextField, ListField, ChoiceField>;

// Parses `text` into the value in `config`.
//   INVALID_ARGUMENT  gives the bounds and repeats the value, except that of a text or list, which
//                     may be a misplaced secret
absl::Status SetValue(const Field& field, absl::string_view text, Config& config);

// The value as text that SetValue reads.
std::string FormatValue(const Field& field, const Config& config);

// What SetValue accepts: "6 to 10 digits", "30s to 10m", "true or false".
std::string Bounds(const Field& field);

// "5m", "720h": the shortest text that reads back as this duration.
std::string FormatShortDuration(absl::Duration duration);

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_FIELD_H_
