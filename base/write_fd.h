#ifndef OTPGATE_BASE_WRITE_FD_H_
#define OTPGATE_BASE_WRITE_FD_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace otpgate {

// Writes all of `text` to a pipe, terminal or file, and waits for room in a pipe for `timeout` at
// most, in all. False: a write failed, or there was no room in time; a part of `text` may have been
// written. The process must ignore SIGPIPE.
bool WriteFd(int fd, absl::string_view text, absl::Duration timeout);

}  // namespace otpgate

#endif  // OTPGATE_BASE_WRITE_FD_H_
