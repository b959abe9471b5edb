#ifndef OTPGATE_STORAGE_POSTGRES_COLUMNS_H_
#define OTPGATE_STORAGE_POSTGRES_COLUMNS_H_

#include <initializer_list>
#include <vector>

#include "storage/postgres/array_param.h"
#include "storage/postgres/statement.h"

namespace otpgate::storage::postgres {

// Rows for one statement, stored by column: one array per parameter, in the statement's order. A
// derived class owns the arrays and adds one value to each of them per row. Clear() keeps the
// memory, for objects that serve many statements. Not thread-safe.
class Columns {
 public:
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  bool empty() const { return arrays_.front()->empty(); }
  void Clear() {
    for (ArrayParam* array : arrays_) array->Clear();
  }
  // The views are valid until the next change.
  void AppendTo(Params& params) const {
    for (ArrayParam* array : arrays_) params.push_back(array->bytes());
  }
  Params ToParams() const {
    Params params;
    AppendTo(params);
    return params;
  }

 protected:
  Columns(std::initializer_list<ArrayParam*> arrays) : arrays_(arrays) {}
  ~Columns() = default;

 private:
  const std::vector<ArrayParam*> arrays_;
};

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_COLUMNS_H_
