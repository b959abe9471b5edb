#ifndef OTPGATE_STORAGE_POSTGRES_STATEMENT_NAMES_H_
#define OTPGATE_STORAGE_POSTGRES_STATEMENT_NAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace otpgate::storage::postgres {

// The names that pg::ConnectionOptions::on_statement gets from the stores of a server, each once,
// as ReportedName returns them. Not listed: statements that only an administrator's tools run.
std::vector<std::string> StatementNames();

// The name under which metrics report a statement: "write_subjects" for each of the statements that
// write subjects ("write_subjects_5", see SubjectWrite), else its own name.
absl::string_view ReportedName(absl::string_view statement);

}  // namespace otpgate::storage::postgres

#endif  // OTPGATE_STORAGE_POSTGRES_STATEMENT_NAMES_H_
