#include "server/config/field.h"

#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace otpgate::config {
namespace {

constexpr size_t kShownBytesMax = 64;

absl::Status Refuse(const Field& field) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", Bounds(field)));
}

absl::Status Refuse(const Field& field, absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", absl::CHexEscape(text.substr(0, kShownBytesMax)), "\" must be ", Bounds(field)));
}

// Adds days to absl::ParseDuration, which accepts signs, fractions and "inf"; the bounds refuse
// what does not fit.
std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  int days = 0;
  absl::string_view number = text;
  if (absl::ConsumeSuffix(&number, "d") && absl::SimpleAtoi(number, &days)) return days * kDay;
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration)) return std::nullopt;
  return duration;
}

std::optional<domain::Rate> ParseRate(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  domain::Rate rate;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &rate.count)) return std::nullopt;
  const std::optional<absl::Duration> window = ParseDuration(parts[1]);
  if (!window) return std::nullopt;
  rate.window = *window;
  return rate;
}

// The bounds of a field are ints, and not negative where the place is a size_t.
struct Assign {
  Config& config;
  int value;

  void operator()(Accessor<int> at) const { at(config) = value; }
  void operator()(Accessor<size_t> at) const { at(config) = static_cast<size_t>(value); }
};

struct Setter {
  const Field& field;
  absl::string_view text;
  Config& config;

  absl::Status operator()(const BoolField& f) const {
    bool value;
    if (!absl::SimpleAtob(text, &value)) return Refuse(field, text);
    f.at(config) = value;
    return absl::OkStatus();
  }
  absl::Status operator()(const IntField& f) const {
    int value;
    if (!absl::SimpleAtoi(text, &value) || value < f.least || value > f.most) {
      return Refuse(field, text);
    }
    std::visit(Assign{config, value}, f.at);
    return absl::OkStatus();
  }
  absl::Status operator()(const DurationField& f) const {
    const std::optional<absl::Duration> value = ParseDuration(text);
    if (!value || *value < f.least || *value > f.most) return Refuse(field, text);
    f.at(config) = *value;
    return absl::OkStatus();
  }
  absl::Status operator()(const RateField& f) const {
    const std::optional<domain::Rate> value = ParseRate(text);
    if (!value || value->count < 1 || value->count > f.most || value->window < absl::Seconds(1) ||
        value->window > f.longest) {
      return Refuse(field, text);
    }
    f.at(config) = *value;
    return absl::OkStatus();
  }
  absl::Status operator()(const TextField& f) const {
    if (!f.form.fits(text)) return Refuse(field);
    f.at(config) = std::string(text);
    return absl::OkStatus();
  }
  absl::Status operator()(const ListField& f) const {
    std::vector<std::string> entries;
    for (const absl::string_view entry : absl::StrSplit(text, ',')) {
      entries.emplace_back(absl::StripAsciiWhitespace(entry));
    }
    if (!absl::c_all_of(entries, f.form.fits)) return Refuse(field);
    f.at(config) = std::move(entries);
    return absl::OkStatus();
  }
  absl::Status operator()(const ChoiceField& f) const {
    const auto found = absl::c_find(f.names, text);
    if (found == f.names.end()) return Refuse(field, text);
    f.set(config, static_cast<size_t>(found - f.names.begin()));
    return absl::OkStatus();
  }
};

// Changes nothing; `config` is not const because an Accessor returns a mutable reference.
struct Formatter {
  Config& config;

  std::string operator()(const BoolField& f) const { return f.at(config) ? "true" : "false"; }
  std::string operator()(const IntField& f) const {
    return std::visit([this](auto at) { return absl::StrCat(at(config)); }, f.at);
  }
  std::string operator()(const DurationField& f) const { return FormatShortDuration(f.at(config)); }
  std::string operator()(const RateField& f) const {
    const domain::Rate& rate = f.at(config);
    return absl::StrCat(rate.count, "/", FormatShortDuration(rate.window));
  }
  std::string operator()(const TextField& f) const { return f.at(config); }
  std::string operator()(const ListField& f) const { return absl::StrJoin(f.at(config), ","); }
  std::string operator()(const ChoiceField& f) const { return std::string(f.names[f.get(config)]); }
};

struct BoundsOf {
  std::string operator()(const BoolField&) const { return "true or false"; }
  std::string operator()(const IntField& f) const {
    return absl::StrCat(f.least, " to ", f.most, f.unit.empty() ? "" : " ", f.unit);
  }
  std::string operator()(const DurationField& f) const {
    return absl::StrCat(FormatShortDuration(f.least), " to ", FormatShortDuration(f.most));
  }
  std::string operator()(const RateField& f) const {
    return absl::StrCat("1 to ", f.most, " per 1s to ", FormatShortDuration(f.longest),
                        ", written \"3/15m\"");
  }
  std::string operator()(const TextField& f) const { return std::string(f.form.form); }
  std::string operator()(const ListField& f) const {
    return absl::StrCat("a list; each ", f.form.form);
  }
  std::string operator()(const ChoiceField& f) const {
    const auto last = f.names.end() - 1;
    return absl::StrCat(absl::StrJoin(f.names.begin(), last, ", "), " or ", *last);
  }
};

}  // namespace

absl::Status SetValue(const Field& field, absl::string_view text, Config& config) {
  return std::visit(Setter{field, text, config}, field);
}

std::string FormatValue(const Field& field, const Config& config) {
  Config copy = config;
  return std::visit(Formatter{copy}, field);
}

std::string Bounds(const Field& field) { return std::visit(BoundsOf{}, field); }

std::string FormatShortDuration(absl::Duration duration) {
  if (duration == absl::ZeroDuration()) return "0s";
  if (duration % kDay == absl::ZeroDuration()) return absl::StrCat(duration / kDay, "d");
  return absl::FormatDuration(duration);
}

}  // namespace otpgate::config
