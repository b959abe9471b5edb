#ifndef OTPGATE_STORAGE_POSTGRES_COLUMN_WIRE_H_
#define OTPGATE_STORAGE_POSTGRES_COLUMN_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/column_kind.h"
#include "storage/postgres/array_param.h"
#include "storage/postgres/row_reader.h"

// How each kind of column is sent to PostgreSQL and read back: Wire<Kind> has the type of the
// parameter array, Add() for one element of it, and Read() for one column of a row (throws like
// RowReader).
namespace otpgate::storage::postgres {

template <class Kind>
struct Wire;

template <>
struct Wire<kind::Text> {
  using Array = TextArray;
  static void Add(TextArray& array, const std::string& value) { array.Add(value); }
  static void Add(TextArray& array, const std::optional<std::string>& value) {
    value ? array.Add(*value) : array.AddNull();
  }
  static void Read(RowReader& in, std::string& value) { value = in.Text(); }
  static void Read(RowReader& in, std::optional<std::string>& value) {
    value.reset();
    in.NextIsNull() ? in.Skip(1) : void(value = in.Text());
  }
};

template <size_t kWords>
struct Wire<kind::OneOf<kWords>> : Wire<kind::Text> {};

template <>
struct Wire<kind::Name> {
  using Array = TextArray;
  template <class Enum>
  static void Add(TextArray& array, Enum value) {
    array.Add(NameOf(value));
  }
  static void Read(RowReader& in, UserType& value) { value = in.NextUserType(); }
  static void Read(RowReader& in, Purpose& value) { value = in.NextPurpose(); }
  static void Read(RowReader& in, RevokedReason& value) { value = in.NextRevokedReason(); }
};

template <>
struct Wire<kind::Status> {
  using Array = TextArray;
  static void Add(TextArray& array, bool disabled) { array.Add(disabled ? "disabled" : "active"); }
  static void Read(RowReader& in, bool& disabled) { disabled = in.Text() != "active"; }
};

template <>
struct Wire<kind::Bytes> {
  using Array = BytesArray;
  static void Add(BytesArray& array, absl::string_view value) { array.Add(value); }
  static void Read(RowReader& in, std::string& value) { value = in.Bytes(); }
};

template <>
struct Wire<kind::BytesOrNull> {
  using Array = BytesArray;
  static void Add(BytesArray& array, absl::string_view value) { array.AddUnlessEmpty(value); }
  static void Read(RowReader& in, std::string& value) { value = in.Bytes(); }
};

template <>
struct Wire<kind::Id> {
  using Array = BytesArray;
  template <class Tag>
  static void Add(BytesArray& array, const Id<Tag>& id) {
    array.Add(id.bytes);
  }
  template <class Tag>
  static void Read(RowReader& in, Id<Tag>& id) {
    id.bytes = in.IdBytes();
  }
};

template <>
struct Wire<kind::IdOrNull> {
  using Array = BytesArray;
  template <class Tag>
  static void Add(BytesArray& array, const Id<Tag>& id) {
    array.AddUnlessEmpty(id.bytes);
  }
  template <class Tag>
  static void Read(RowReader& in, Id<Tag>& id) {
    id.bytes = in.IdBytes();
  }
};

template <>
struct Wire<kind::Int> {
  using Array = Int32Array;
  static void Add(Int32Array& array, int value) { array.Add(value); }
  static void Add(Int32Array& array, std::optional<int> value) { array.Add(value); }
  static void Read(RowReader& in, int& value) { value = in.Int(); }
  static void Read(RowReader& in, std::optional<int>& value) { value = in.OptionalInt(); }
};

template <>
struct Wire<kind::BigInt> {
  using Array = Int64Array;
  static void Add(Int64Array& array, int64_t value) { array.Add(value); }
  static void Read(RowReader& in, int64_t& value) { value = in.Int64(); }
};

template <>
struct Wire<kind::Bool> {
  using Array = BoolArray;
  static void Add(BoolArray& array, bool value) { array.Add(value); }
  static void Read(RowReader& in, bool& value) { value = in.Bool(); }
};

template <>
struct Wire<kind::Time> {
  using Array = TimeArray;
  static void Add(TimeArray& array, absl::Time value) { array.Add(value); }
  static void Add(TimeArray& array, const std::optional<absl::Time>& value) { array.Add(value); }
  static void Read(RowReader& in, absl::Time& value) { value = in.Time(); }
  static void Read(RowReader& in, std::optional<absl::Time>& value) { value = in.OptionalTime(); }
};

// PostgreSQL has no arrays of arrays of different lengths, so each element is the text of an array,
// which the statement casts (CastOf).
template <>
struct Wire<kind::TimeList> {
  using Array = TextArray;
  static void Add(TextArray& array, const std::vector<absl::Time>& values) {
    const auto append = [](std::string* out, absl::Time time) {
      absl::StrAppend(out, absl::ToUnixMicros(time));
    };
    array.Add(absl::StrCat("{", absl::StrJoin(values, ",", append), "}"));
  }
  static void Read(RowReader& in, std::vector<absl::Time>& values) { values = in.UnixTimes(); }
};

// The cast from an element of a kind's array to the type of the column; empty: none is needed.
template <class Kind>
constexpr absl::string_view CastOf() {
  return std::is_same_v<Kind, kind::TimeList> ? "::bigint[]" : "";
}

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_COLUMN_WIRE_H_
