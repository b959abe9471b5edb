#ifndef OTPGATE_STORAGE_POSTGRES_TABLE_ROWS_H_
#define OTPGATE_STORAGE_POSTGRES_TABLE_ROWS_H_

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "storage/column.h"
#include "storage/column_kind.h"
#include "storage/postgres/column_wire.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/statement_template.h"
#include "storage/postgres/write_statement.h"
#include "storage/storage.h"

// The PostgreSQL side of storage/tables.h. A statement's parameters are arrays, one per column,
// with one element per row. TableRows<Layout> holds the arrays that a layout (OwnedRows,
// GuardedRows, PlainRows) selects from a table, and expands the template of the SQL that unnests
// them; ReadColumns reads the rows of an answer. For example statements/limits.h.
namespace otpgate::storage::postgres {

// The guarded row that owns a row, by the version that the same statement writes to it.
struct Owner {
  Version version = 0;
};

// Layouts: a layout names the arrays of a statement (kFields) and those of them that are columns of
// the table (kColumns).

// Rows that are inserted or upserted with the guarded row that owns them: the owner's version, and
// the columns that `Parts` hold.
template <const auto& kOfTable, class... Parts>
struct OwnedRows {
  static constexpr const auto& kTable = kOfTable;
  static constexpr auto kColumns = FieldsOf<Written::kAnytime, Parts...>(kTable);
  static constexpr auto kFields = std::tuple_cat(
      std::tuple(ColumnIn<kind::BigInt, Version Owner::*>{"owner", {}, &Owner::version}), kColumns);
};

// Guarded rows: the key, the new version, the expected version, and the columns that a guarded
// write changes, as Change<A> and `Parts` hold them.
template <const auto& kOfTable, class A, class... Parts>
struct GuardedRows {
  using Guard = ColumnIn<kind::BigInt, Version Change<A>::*>;

  static constexpr const auto& kTable = kOfTable;
  static constexpr auto kKeys = FieldsOf<Written::kKey, Change<A>, Parts...>(kTable);
  static constexpr auto kChanges = FieldsOf<Written::kGuarded, Parts...>(kTable);
  static constexpr auto kColumns = std::tuple_cat(kKeys, kChanges);
  static constexpr auto kFields =
      std::tuple_cat(kKeys,
                     std::tuple(Guard{"version", {}, &Change<A>::version},
                                Guard{"expected", {}, &Change<A>::expected}),
                     kChanges);
};

// The columns that `Parts` hold and nothing else.
template <const auto& kOfTable, class... Parts>
struct PlainRows {
  static constexpr const auto& kTable = kOfTable;
  static constexpr auto kColumns = FieldsOf<Written::kAnytime, Parts...>(kTable);
  static constexpr auto kFields = kColumns;
};

// The arrays of a tuple of fields.
template <class Fields>
struct ArraysOf;
template <class... Fields>
struct ArraysOf<std::tuple<Fields...>> {
  std::tuple<typename Wire<typename Fields::KindType>::Array...> arrays;
};

// The arrays of `Layout`. They are a base class, because they must exist before Columns, which
// points to them.
template <class Layout>
class TableRows final : private ArraysOf<std::decay_t<decltype(Layout::kFields)>>, public Columns {
 public:
  TableRows() : TableRows(std::make_index_sequence<kArrays>()) {}

  // Adds one row. Each column is in one of `parts`.
  template <class... Parts>
  void Add(const Parts&... parts) {
    AddEach(std::make_index_sequence<kArrays>(), parts...);
  }

  // Expands the template `sql` of a statement over these arrays; see ExpandTemplate.
  static std::string Expand(absl::string_view sql) { return ExpandTemplate(sql, Words()); }
  static Fragment ExpandFragment(absl::string_view name, absl::string_view sql) {
    return {std::string(name), Expand(sql), static_cast<int>(kArrays)};
  }

 private:
  using Fields = std::decay_t<decltype(Layout::kFields)>;
  static constexpr size_t kArrays = std::tuple_size_v<Fields>;

  template <size_t... kIndex>
  explicit TableRows(std::index_sequence<kIndex...>)
      : Columns({&std::get<kIndex>(this->arrays)...}) {}

  template <size_t... kIndex, class... Parts>
  void AddEach(std::index_sequence<kIndex...>, const Parts&... parts) {
    (Wire<typename std::tuple_element_t<kIndex, Fields>::KindType>::Add(
         std::get<kIndex>(this->arrays), std::get<kIndex>(Layout::kFields).ValueIn(parts...)),
     ...);
  }

  static TemplateWords Words();
};

template <class Layout>
TemplateWords TableRows<Layout>::Words() {
  TemplateWords words;
  const auto column = []<class Of>(const Of& of) {
    return TemplateColumn{of.name, CastOf<std::decay_t<decltype(of.kind)>>()};
  };
  ForEachField(Layout::kFields, [&]<class Of>(const Of& field) {
    words.parameters.push_back({field.name, Wire<typename Of::KindType>::Array::kElementType});
  });
  ForEachField(Layout::kColumns,
               [&](const auto& field) { words.columns.push_back(column(field)); });
  ForEachField(Layout::kTable.columns, [&]<class Of>(const Of& of) {
    auto& set = Of::kWritten == Written::kKey          ? words.key
                : Of::kWritten == Written::kInsertOnly ? words.insert_only
                                                       : words.guarded;
    set.push_back(column(of));
  });
  return words;
}

// Reads the columns of `kTable` that Part holds, in the table's order: the statement must select
// them in the order of SelectListOf. Throws like RowReader.
template <const auto& kTable, class Part>
void ReadColumns(RowReader& in, Part& part) {
  static constexpr auto kFields = FieldsOf<Written::kAnytime, Part>(kTable);
  static_assert(std::tuple_size_v<std::decay_t<decltype(kFields)>> > 0, "holds no column");
  ForEachField(kFields, [&]<class Of>(const Of& field) {
    Wire<typename Of::KindType>::Read(in, part.*field.member);
  });
}

// The number of columns that ReadColumns reads.
template <const auto& kTable, class Part>
inline constexpr int kColumnsOf =
    std::tuple_size_v<std::decay_t<decltype(FieldsOf<Written::kAnytime, Part>(kTable))>>;

// The list that a SELECT must have for ReadColumns: "s.id, timestamptz_send(s.created_at)" for the
// alias "s". Statements spell it out, to be readable; table_rows_test compares.
template <const auto& kTable, class Part>
std::string SelectListOf(absl::string_view alias) {
  std::string list;
  ForEachField(FieldsOf<Written::kAnytime, Part>(kTable), [&]<class Of>(const Of& field) {
    const bool is_time = std::is_same_v<typename Of::KindType, kind::Time>;
    absl::StrAppend(&list, list.empty() ? "" : ", ", is_time ? "timestamptz_send(" : "", alias, ".",
                    field.name, is_time ? ")" : "");
  });
  return list;
}

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_TABLE_ROWS_H_
