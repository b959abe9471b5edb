#include "clients/ctl/exit_code.h"

namespace otpgate::ctl {

Exit ExitOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return Exit::kOk;
    case absl::StatusCode::kInvalidArgument:
      return Exit::kUsage;
    case absl::StatusCode::kFailedPrecondition:
      return Exit::kDrift;
    case absl::StatusCode::kDeadlineExceeded:
      return Exit::kBusy;
    case absl::StatusCode::kUnavailable:
      return Exit::kCannotConnect;
    default:
      return Exit::kFailed;
  }
}

}  // namespace otpgate::ctl
