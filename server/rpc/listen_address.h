#ifndef OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_
#define OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate {

// Whether a server may listen here without TLS: on literal loopback addresses (127.0.0.0/8, ::1)
// with a port, and on unix sockets ("unix:/absolute/path"). Names are refused, "localhost" too:
// what they resolve to is not ours to promise.
//   INVALID_ARGUMENT     not an address of these forms
//   FAILED_PRECONDITION  an address that other machines can reach
absl::Status CheckPlaintextAddress(absl::string_view address);

// Of an address of these forms.
bool IsUnixSocket(absl::string_view address);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_
