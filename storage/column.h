#ifndef OTPGATE_STORAGE_COLUMN_H_
#define OTPGATE_STORAGE_COLUMN_H_

#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>

#include "absl/strings/string_view.h"
#include "storage/row_check.h"

// Describes tables at compile time; the tables are in storage/tables.h. A table is a list of
// columns. A column has a name, a kind of value (storage/column_kind.h), a rule that says which
// writes set it (Written), and a pointer to its member in each struct that holds it. Row checks
// (CheckRow), the memory store's copies (CopyColumns) and PostgreSQL's arrays, statements and
// readers (storage/postgres/table_rows.h) come from these lists.
namespace otpgate::storage {

// Which writes set a column: bits of a set.
struct Written {
  enum When : unsigned {
    kKey = 1,         // the insert; part of the primary key
    kInsertOnly = 2,  // the insert, and no guarded write after it
    kGuarded = 4,     // the insert and every guarded write
    kAnytime = kKey | kInsertOnly | kGuarded,
  };
};

// The struct that a pointer to member belongs to, or that a function computes its value from.
template <class Member>
struct MemberTraits;
template <class Value, class Struct>
struct MemberTraits<Value Struct::*> {
  using Of = Struct;
  static constexpr bool kComputed = false;
};
template <class Value, class Struct>
struct MemberTraits<Value (*)(const Struct&)> {
  using Of = Struct;
  static constexpr bool kComputed = true;
};

// A field: a column as one struct holds it.
template <class Kind, class Member>
struct ColumnIn {
  using KindType = Kind;
  using Struct = typename MemberTraits<Member>::Of;
  static constexpr bool kComputed = MemberTraits<Member>::kComputed;

  absl::string_view name;
  Kind kind;
  Member member;

  // The value, taken from the part that is of type Struct.
  template <class... Parts>
  decltype(auto) ValueIn(const Parts&... parts) const {
    return std::invoke(member, std::get<const Struct&>(std::tuple<const Parts&...>(parts...)));
  }
};

// A column and its member in each struct that holds it.
template <Written::When kWhen, class Kind, class... Members>
struct Column {
  static constexpr unsigned kWritten = kWhen;
  template <class Part>
  static constexpr bool kIsIn = (std::is_same_v<typename MemberTraits<Members>::Of, Part> || ...);

  absl::string_view name;
  Kind kind;
  std::tuple<Members...> members;

  // The column as `Part` holds it.
  template <class Part>
  constexpr auto In() const {
    static_assert(kIsIn<Part>);
    constexpr size_t kIndex = [] {
      constexpr bool kFits[] = {std::is_same_v<typename MemberTraits<Members>::Of, Part>...};
      size_t i = 0;
      while (!kFits[i]) ++i;
      return i;
    }();
    return ColumnIn<Kind, std::tuple_element_t<kIndex, std::tuple<Members...>>>{
        name, kind, std::get<kIndex>(members)};
  }
};

template <class... Columns>
struct Table {
  absl::string_view name;
  std::tuple<Columns...> columns;
};

template <class... Columns>
constexpr Table<Columns...> MakeTable(absl::string_view name, Columns... columns) {
  return {name, {columns...}};
}

// `members` belong to different structs, one each.
template <class Kind, class... Members>
constexpr Column<Written::kKey, Kind, Members...> KeyColumn(absl::string_view name, Kind kind,
                                                            Members... members) {
  return {name, kind, {members...}};
}
template <class Kind, class... Members>
constexpr Column<Written::kInsertOnly, Kind, Members...> InsertOnlyColumn(absl::string_view name,
                                                                          Kind kind,
                                                                          Members... members) {
  return {name, kind, {members...}};
}
template <class Kind, class... Members>
constexpr Column<Written::kGuarded, Kind, Members...> GuardedColumn(absl::string_view name,
                                                                    Kind kind, Members... members) {
  return {name, kind, {members...}};
}

// The column as the first of the parts that hold it does: a tuple of one field, or of none.
template <class Part, class... Others, class C>
constexpr auto FirstIn(const C& column) {
  if constexpr (C::template kIsIn<Part>) {
    return std::tuple(column.template In<Part>());
  } else if constexpr (sizeof...(Others) > 0) {
    return FirstIn<Others...>(column);
  } else {
    return std::tuple<>();
  }
}

// A tuple of the columns in the set `kWhen` that one of `Parts` holds, as fields in the table's
// order. A column that several parts hold is taken from the first.
template <unsigned kWhen, class... Parts, class... Columns>
constexpr auto FieldsOf(const Table<Columns...>& table) {
  const auto field_of = []<class C>(const C& column) {
    if constexpr ((C::kWritten & kWhen) != 0) {
      return FirstIn<Parts...>(column);
    } else {
      return std::tuple<>();
    }
  };
  return std::apply([&](const auto&... columns) { return std::tuple_cat(field_of(columns)...); },
                    table.columns);
}

// Calls visit(field) for each field of a tuple.
template <class Fields, class Visit>
constexpr void ForEachField(const Fields& fields, const Visit& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, fields);
}

// Checks the columns of `kTable` that `parts` hold, except computed ones.
template <const auto& kTable, unsigned kWhen = Written::kAnytime, class... Parts>
void CheckRow(RowCheck& check, const Parts&... parts) {
  static constexpr auto kFields = FieldsOf<kWhen, Parts...>(kTable);
  static_assert(std::tuple_size_v<std::decay_t<decltype(kFields)>> > 0, "holds no column");
  check.Table(kTable.name);
  ForEachField(kFields, [&](const auto& field) {
    if constexpr (!std::decay_t<decltype(field)>::kComputed) {
      field.kind.Check(check, field.name, field.ValueIn(parts...));
    }
  });
}

// Copies the columns in the set `kWhen` that both structs hold.
template <const auto& kTable, unsigned kWhen = Written::kAnytime, class From, class To>
void CopyColumns(const From& from, To& to) {
  std::apply(
      [&](const auto&... columns) {
        const auto copy = [&]<class C>(const C& column) {
          if constexpr ((C::kWritten & kWhen) != 0 && C::template kIsIn<From> &&
                        C::template kIsIn<To>) {
            to.*(column.template In<To>().member) = column.template In<From>().ValueIn(from);
          }
        };
        (copy(columns), ...);
      },
      kTable.columns);
}

}  // namespace otpgate::storage

#endif  // OTPGATE_STORAGE_COLUMN_H_
