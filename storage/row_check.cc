#include "storage/row_check.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace otpgate::storage {
namespace {

// Length of the UTF-8 sequence at text[0], or 0 if it is not well-formed (Unicode 15, table 3-7).
size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto within = [&](size_t i, unsigned least, unsigned most) {
    return byte(i) >= least && byte(i) <= most;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned least = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : 0xBF;
    return within(1, least, most) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned least = first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xF4 ? 0x8F : 0xBF;
    return within(1, least, most) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool IsStorableText(absl::string_view text) {
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    if (length == 0 || text[0] == '\0') return false;
    text.remove_prefix(length);
  }
  return true;
}

bool IsStorableTime(absl::Time time) {
  static const absl::Time kFirst = absl::FromCivil(absl::CivilYear(1), absl::UTCTimeZone());
  static const absl::Time kEnd = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  return kFirst <= time && time < kEnd && absl::FromUnixMicros(absl::ToUnixMicros(time)) == time;
}

void RowCheck::Require(bool holds, absl::string_view column, absl::string_view rule) {
  if (holds || !broken_rule_.empty()) return;
  broken_table_ = table_;
  broken_column_ = column;
  broken_rule_ = rule;
}

void RowCheck::Text(absl::string_view column, absl::string_view value, size_t least, size_t most) {
  Require(value.size() >= least && value.size() <= most, column, "length");
  Text(column, value);
}

void RowCheck::Text(absl::string_view column, absl::string_view value) {
  Require(IsStorableText(value), column, "text");
}

void RowCheck::Bytes(absl::string_view column, absl::string_view value, size_t length) {
  Require(value.size() == length, column, "length");
}

void RowCheck::BytesOrNull(absl::string_view column, absl::string_view value, size_t length) {
  if (!value.empty()) Bytes(column, value, length);
}

void RowCheck::Range(absl::string_view column, int64_t value, int64_t least, int64_t most) {
  Require(value >= least && value <= most, column, "range");
}

void RowCheck::Time(absl::string_view column, absl::Time value) {
  Require(IsStorableTime(value), column, "time");
}

void RowCheck::Time(absl::string_view column, const std::optional<absl::Time>& value) {
  if (value) Time(column, *value);
}

absl::Status RowCheck::ToStatus() const {
  if (broken_rule_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(broken_table_, "_", broken_column_, "_", broken_rule_));
}

}  // namespace otpgate::storage
