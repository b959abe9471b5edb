#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENT_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate {

// A statement with a stable name: the name is what it is prepared under and all an error says of
// it.
struct Statement {
  std::string name;
  std::string sql;  // parameters are arrays, each cast to its type: $1::text[]
};

// The arrays for one statement, in the order of its parameters; views into ArrayParam::bytes().
using Params = std::vector<absl::string_view>;

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENT_H_
