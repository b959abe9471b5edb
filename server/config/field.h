#ifndef OTPGATE_SERVER_CONFIG_FIELD_H_
#define OTPGATE_SERVER_CONFIG_FIELD_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/config.h"

// The types of configuration values: where a value lives in Config, and its bounds (inclusive).
namespace otpgate {

template <class T>
using Place = T& (*)(Config&);

// A check of the form of a text; `form` finishes the sentence "must be ...".
struct Form {
  bool (*fits)(absl::string_view text) = nullptr;
  absl::string_view form;
};

struct BoolField {
  Place<bool> at;
};
struct IntField {
  Place<int> at;
  int least;
  int most;
  absl::string_view unit;  // "digits"
};
// Written as "30s", "5m", "720h", "30d".
struct DurationField {
  Place<absl::Duration> at;
  absl::Duration least;
  absl::Duration most;
};
struct RateField {
  Place<Rate> at;
  int most;
  absl::Duration longest;
};
struct TextField {
  Place<std::string> at;
  Form form;
};
struct ListField {
  Place<std::vector<std::string>> at;
  Form form;  // of each entry
};
// One of a few names; the n-th stands for the n-th enumerator.
struct ChoiceField {
  std::vector<absl::string_view> names;
  size_t (*get)(const Config& config);
  void (*set)(Config& config, size_t choice);
};

using Field =
    std::variant<BoolField, IntField, DurationField, RateField, TextField, ListField, ChoiceField>;

// Reads `text` into its place. INVALID_ARGUMENT tells what is wrong and the bounds; the value is
// repeated except for texts and lists, which may hold what does not belong into a log.
absl::Status SetValue(const Field& field, absl::string_view text, Config& config);

// The value as SetValue reads it.
std::string FormatValue(const Field& field, const Config& config);

// What SetValue takes: "6 to 10 digits", "30s to 10m", "true or false".
std::string Bounds(const Field& field);

// "5m", "720h": the shortest text that reads back as this duration.
std::string FormatShortDuration(absl::Duration duration);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_CONFIG_FIELD_H_
