#ifndef OTPGATE_CLIENTS_CTL_EXIT_CODE_H_
#define OTPGATE_CLIENTS_CTL_EXIT_CODE_H_

#include "absl/status/status.h"

namespace otpgate::ctl {

// The exit codes of otpgatectl; scripts rely on these numbers.
enum class Exit {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kPending = 3,  // status, verify: not every migration is applied
  kDrift = 4,    // files, roles or privileges differ from what they should be
  kBusy = 5,     // another process migrates or cleans up, or locks a table
  kCannotConnect = 6,
};

// The exit code for an error of a command (see migrator.h for those of the migrator).
Exit ExitOf(const absl::Status& status);

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_EXIT_CODE_H_
