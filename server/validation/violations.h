#ifndef OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_
#define OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/errors/failure.h"

namespace otpgate::validation {

// Collects the violations of one request, so that the caller gets all of them at once. Descriptions
// never hold the offending value. Not thread-safe.
class FieldViolations {
 public:
  void Add(absl::string_view field, absl::string_view description) {
    violations_.push_back(errors::Violation{std::string(field), std::string(description)});
  }

  void Check(absl::string_view field, const absl::Status& status) {
    if (!status.ok()) Add(field, status.message());
  }

  // Returns the value, or T{} after adding a violation.
  template <class T>
  T Take(absl::string_view field, absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    Add(field, value.status().message());
    return T{};
  }

  // Returns `value` if there are no violations, else kInvalidRequest with them.
  template <class T>
  errors::Outcome<T> Finish(T value) && {
    if (violations_.empty()) return value;
    errors::Failure failure;
    failure.reason = errors::Reason::kInvalidRequest;
    failure.violations = std::move(violations_);
    return tl::unexpected(std::move(failure));
  }

 private:
  std::vector<errors::Violation> violations_;
};

}  // namespace otpgate::validation

#endif  // OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_
