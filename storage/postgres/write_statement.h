#ifndef OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_
#define OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/postgres/statement.h"

namespace otpgate::storage::postgres {

// One part of a guarded write: an INSERT ... SELECT over arrays, with parameters from $1 on.
struct Fragment {
  std::string name;  // of the CTE
  std::string sql;
  int parameters = 0;
};

// Joins parts into one statement, in which each part's parameters follow those of the part before:
//
//   WITH won AS (<guarded>), <name> AS (<part>), ... SELECT version FROM won
//
// Without parts the statement is `guarded` itself. `guarded` upserts the guarded rows and returns
// the version of each row it wrote; the parts write the rows that these own. A version is unique in
// its write: a dependent row carries its owner's and is written only if that version won.
Statement JoinFragments(absl::string_view name, const Fragment& guarded,
                        absl::Span<const Fragment* const> parts);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_
