#ifndef OTPGATE_CLIENTS_CTL_EXIT_CODE_H_
#define OTPGATE_CLIENTS_CTL_EXIT_CODE_H_

#include "absl/status/status.h"

namespace otpgate::ctl {

// What otpgatectl exits with; scripts rely on these numbers.
enum class Exit {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kPending = 3,  // status, verify: not every migration is applied
  kDrift = 4,    // files, roles or rights are not what they should be
  kBusy = 5,     // somebody else migrates, or holds a table
  kCannotConnect = 6,
};

// Of the migrator's errors (migrator.h).
Exit ExitOf(const absl::Status& status);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_EXIT_CODE_H_
