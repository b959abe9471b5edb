#ifndef OTPGATE_STORAGE_POSTGRES_COLUMNS_H_
#define OTPGATE_STORAGE_POSTGRES_COLUMNS_H_

#include <initializer_list>
#include <vector>

#include "storage/postgres/array_param.h"
#include "storage/postgres/statement.h"

namespace otpgate {

// Rows for one statement, kept by column: the arrays in the order of the statement's parameters.
// A derived class owns the arrays and adds one value to each per row. Kept between statements, so
// that memory is allocated once.
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

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_COLUMNS_H_
