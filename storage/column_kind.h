#ifndef OTPGATE_STORAGE_COLUMN_KIND_H_
#define OTPGATE_STORAGE_COLUMN_KIND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/row_check.h"
#include "storage/types.h"

// Kinds of column values, with the limits that the schema sets. Check() reports a value beyond the
// limits as a broken rule: `length`, `text`, `range`, `time` or `known`. Each store decides how it
// sends a kind (for PostgreSQL: storage/postgres/column_wire.h). Pure.
namespace otpgate::storage {
namespace kind {

inline constexpr size_t kAnyLength = std::numeric_limits<size_t>::max();

// std::string, UTF-8 without NUL; or std::optional<std::string>, where nullopt is NULL. The limits
// are in bytes.
struct Text {
  size_t least = 0;
  size_t most = kAnyLength;

  void Check(RowCheck& check, absl::string_view column, const std::string& value) const {
    check.Text(column, value, least, most);
  }
  void Check(RowCheck& check, absl::string_view column,
             const std::optional<std::string>& value) const {
    if (value) Check(check, column, *value);
  }
};

// std::string that is one of a few words.
template <size_t kWords>
struct OneOf {
  std::array<absl::string_view, kWords> words;

  void Check(RowCheck& check, absl::string_view column, absl::string_view value) const {
    bool known = false;
    for (absl::string_view word : words) known |= value == word;
    check.Require(known, column, "known");
  }
};
template <class... Words>
OneOf(Words...) -> OneOf<sizeof...(Words)>;

// An enum with NameOf and IsKnown, stored as its name.
struct Name {
  template <class Enum>
  void Check(RowCheck& check, absl::string_view column, Enum value) const {
    check.Require(IsKnown(value), column, "known");
  }
};

// bool `disabled`, stored as the text "disabled" or "active".
struct Status {
  void Check(RowCheck& /*check*/, absl::string_view /*column*/, bool /*value*/) const {}
};

// std::string of any bytes.
struct Bytes {
  size_t least = 0;
  size_t most = kAnyLength;

  void Check(RowCheck& check, absl::string_view column, absl::string_view value) const {
    check.Require(value.size() >= least && value.size() <= most, column, "length");
  }
};

// std::string of any bytes, its size a multiple of `unit`; empty is NULL.
struct BytesOrNull {
  size_t most = kAnyLength;
  size_t unit = 1;

  void Check(RowCheck& check, absl::string_view column, absl::string_view value) const {
    check.Require(value.size() <= most && value.size() % unit == 0, column, "length");
  }
};

// An Id, which has one length.
struct Id {
  template <class Tag>
  void Check(RowCheck& check, absl::string_view column, const otpgate::Id<Tag>& id) const {
    check.Bytes(column, id.bytes, otpgate::Id<Tag>::kBytes);
  }
};

// An Id; empty is NULL.
struct IdOrNull {
  template <class Tag>
  void Check(RowCheck& check, absl::string_view column, const otpgate::Id<Tag>& id) const {
    check.BytesOrNull(column, id.bytes, otpgate::Id<Tag>::kBytes);
  }
};

// int; or std::optional<int>, where nullopt is NULL.
struct Int {
  int64_t least = std::numeric_limits<int32_t>::min();
  int64_t most = std::numeric_limits<int32_t>::max();

  void Check(RowCheck& check, absl::string_view column, int value) const {
    check.Range(column, value, least, most);
  }
  void Check(RowCheck& check, absl::string_view column, std::optional<int> value) const {
    if (value) Check(check, column, *value);
  }
};

// int64_t, such as a Version.
struct BigInt {
  void Check(RowCheck& /*check*/, absl::string_view /*column*/, int64_t /*value*/) const {}
};

struct Bool {
  void Check(RowCheck& /*check*/, absl::string_view /*column*/, bool /*value*/) const {}
};

// absl::Time; or std::optional<absl::Time>, where nullopt is NULL.
struct Time {
  template <class Value>
  void Check(RowCheck& check, absl::string_view column, const Value& value) const {
    check.Time(column, value);
  }
};

// std::vector<absl::Time>, stored as bigint[] of microseconds since 1970.
struct TimeList {
  void Check(RowCheck& check, absl::string_view column,
             const std::vector<absl::Time>& values) const {
    for (absl::Time value : values) check.Time(column, value);
  }
};

}  // namespace kind
}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_COLUMN_KIND_H_
