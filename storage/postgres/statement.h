#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENT_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::storage::postgres {

// A statement with a stable name. It is prepared under the name, and errors and metrics tell
// nothing else of it.
struct Statement {
  std::string name;
  std::string sql;  // parameters are arrays, each cast to its type: $1::text[]
};

// The arrays of one statement, in the order of its parameters; views of ArrayParam::bytes().
using Params = std::vector<absl::string_view>;

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENT_H_
