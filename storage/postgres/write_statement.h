#ifndef OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_
#define OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/postgres/statement.h"

namespace otpgate {

// One part of a guarded write: an INSERT ... SELECT over arrays whose parameters count from $1.
struct Fragment {
  absl::string_view name;  // of its CTE
  absl::string_view sql;
  int parameters = 0;
};

// Joins parts into one statement, in which each part's parameters follow those of the part before:
//
//   WITH won AS (<guarded>), <name> AS (<part>), ... SELECT version FROM won
//
// or is `guarded` itself when there are none.
// `guarded` upserts the guarded rows and returns the version of each row it wrote; the others write
// what these rows own. A version is unique in its write, so a dependent row carries its owner's and
// is written only when that version won.
Statement JoinFragments(absl::string_view name, const Fragment& guarded,
                        absl::Span<const Fragment* const> parts);

}  // namespace otpgate

#endif  // OTPGATE_STORAGE_POSTGRES_WRITE_STATEMENT_H_
