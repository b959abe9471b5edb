#ifndef OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_
#define OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace otpgate::rpc {

// Whether a server may listen here without TLS: on literal loopback addresses (127.0.0.0/8, ::1)
// with a port, and on unix sockets ("unix:/absolute/path"). Host names are refused, "localhost"
// too, because they may resolve to anything.
//   INVALID_ARGUMENT     not an address of these forms
//   FAILED_PRECONDITION  an address that other machines can reach
absl::Status CheckPlaintextAddress(absl::string_view address);

// Whether `address`, of one of these forms, is a unix socket.
bool IsUnixSocket(absl::string_view address);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_LISTEN_ADDRESS_H_
