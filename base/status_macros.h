#ifndef OTPGATE_BASE_STATUS_MACROS_H_
#define OTPGATE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status from the function unless it is OK.
#define OTPGATE_RETURN_IF_ERROR(expression)                                   \
  do {                                                                        \
    if (absl::Status otpgate_status_ = (expression); !otpgate_status_.ok()) { \
      return otpgate_status_;                                                 \
    }                                                                         \
  } while (false)

// Assigns the value of a StatusOr, or returns its status from the function:
//   OTPGATE_ASSIGN_OR_RETURN(Thing thing, MakeThing());
#define OTPGATE_ASSIGN_OR_RETURN(declaration, expression) \
  OTPGATE_ASSIGN_OR_RETURN_(OTPGATE_CONCAT_(otpgate_or_, __LINE__), declaration, expression)
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define OTPGATE_ASSIGN_OR_RETURN_(temporary, declaration, expression) \
  auto temporary = (expression);                                      \
  if (!temporary.ok()) return std::move(temporary).status();          \
  declaration = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)
#define OTPGATE_CONCAT_(a, b) OTPGATE_CONCAT_INNER_(a, b)
#define OTPGATE_CONCAT_INNER_(a, b) a##b

#endif  // OTPGATE_BASE_STATUS_MACROS_H_
