#ifndef OTPGATE_CLIENTS_DEMO_STEPS_H_
#define OTPGATE_CLIENTS_DEMO_STEPS_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// What every step of the demo needs.
namespace otpgate::demo {

template <class... Parts>
void Print(const Parts&... parts) {
  std::printf("%s\n", absl::StrCat(parts...).c_str());
}

inline absl::Status Surprise(absl::string_view step, const grpc::Status& status) {
  return absl::FailedPreconditionError(
      absl::StrCat(step, ": ", static_cast<int>(status.error_code()), " ", status.error_message()));
}

inline void Prepare(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
}

}  // namespace otpgate::demo

#endif  // OTPGATE_CLIENTS_DEMO_STEPS_H_
