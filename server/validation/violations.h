#ifndef OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_
#define OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/errors/failure.h"

namespace otpgate {

// Collects everything that is wrong with a request, so that a caller learns all of it at once.
// Descriptions never hold the offending value. Not thread-safe; lives for one request.
class FieldViolations {
 public:
  void Add(absl::string_view field, absl::string_view description) {
    violations_.push_back(Violation{std::string(field), std::string(description)});
  }

  void Check(absl::string_view field, const absl::Status& status) {
    if (!status.ok()) Add(field, status.message());
  }

  // The value, or, when it breaks its form, T{} and one violation more.
  template <class T>
  T Take(absl::string_view field, absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    Add(field, value.status().message());
    return T{};
  }

  // `value` if nothing was wrong, else kInvalidRequest. Ends the use of this object.
  template <class T>
  Outcome<T> Finish(T value) && {
    if (violations_.empty()) return value;
    Failure failure;
    failure.reason = Reason::kInvalidRequest;
    failure.violations = std::move(violations_);
    return failure;
  }

 private:
  std::vector<Violation> violations_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_VALIDATION_VIOLATIONS_H_
