#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_ERROR_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_ERROR_H_

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "otpgate/v1/errors.pb.h"

namespace grpc {
class Status;
}

namespace otpgate::client {

// A field of a request that does not have its documented form.
struct Violation {
  std::string field;
  std::string description;
};

// Why a call was refused; otpgate/v1/errors.proto tells what to do about each reason.
struct Error {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  // Unspecified when the service gave none (for example because it was not reached), or one that
  // this build does not know; then `code` decides.
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  std::string reason_name;  // as received, such as "OTP_INVALID"; empty: none
  std::string message;      // for developers; not for end users
  std::optional<absl::Duration> retry_after;
  std::vector<Violation> violations;      // of INVALID_REQUEST
  std::optional<int> attempts_remaining;  // of OTP_INVALID, for the holder of a valid handle
  std::string incident;                   // of INTERNAL: the id to look up in the service's log
};

// Takes a refusal apart. `status` must not be OK.
Error ErrorOf(const grpc::Status& status);

// For logs and for code that uses absl::Status: the code, and "REASON: message".
absl::Status ToStatus(const Error& error);

// The reply of a call, or its error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : outcome_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : outcome_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(outcome_); }
  // Throw std::bad_variant_access unless ok(); error() throws it when ok().
  T& operator*() { return std::get<T>(outcome_); }
  const T& operator*() const { return std::get<T>(outcome_); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  const Error& error() const { return std::get<Error>(outcome_); }

 private:
  std::variant<T, Error> outcome_;
};

}  // namespace otpgate::client

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_ERROR_H_
