#ifndef OTPGATE_STORAGE_ROW_CHECK_H_
#define OTPGATE_STORAGE_ROW_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate::storage {

// True for UTF-8 as PostgreSQL accepts it (RFC 3629: no overlong forms, no surrogates, at most
// U+10FFFF) without NUL.
bool IsStorableText(absl::string_view text);

// True for whole microseconds within the years 1 to 9999: a timestamptz keeps them unchanged.
bool IsStorableTime(absl::Time time);

// Checks columns one by one and remembers the first broken constraint by its name in
// migrations/sql, <table>_<column>_<rule>. The names must outlive the object; a string is built
// only when a constraint is broken. Not thread-safe.
class RowCheck {
 public:
  // Sets the table of the checks that follow.
  void Table(absl::string_view table) { table_ = table; }

  void Require(bool holds, absl::string_view column, absl::string_view rule);

  // Rules: length (in bytes), text.
  void Text(absl::string_view column, absl::string_view value, size_t least, size_t most);
  void Text(absl::string_view column, absl::string_view value);
  // Rule: length.
  void Bytes(absl::string_view column, absl::string_view value, size_t length);
  void BytesOrNull(absl::string_view column, absl::string_view value, size_t length);
  // Rule: range.
  void Range(absl::string_view column, int64_t value, int64_t least, int64_t most);
  // Rule: time.
  void Time(absl::string_view column, absl::Time value);
  void Time(absl::string_view column, const std::optional<absl::Time>& value);

  // OK, or INVALID_ARGUMENT with the name of the constraint and no value.
  absl::Status ToStatus() const;

 private:
  absl::string_view table_;
  absl::string_view broken_table_;
  absl::string_view broken_column_;
  absl::string_view broken_rule_;  // empty: nothing is broken
};

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_ROW_CHECK_H_
