#ifndef OTPGATE_SERVER_RPC_STATUS_H_
#define OTPGATE_SERVER_RPC_STATUS_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "server/errors/failure.h"

namespace otpgate {

// Serialized statuses stay below this: they travel in trailers, and trailers share the limit of
// headers, which is 8 KiB at common proxies.
inline constexpr size_t kMaxStatusBytes = 1024;

// What callers are told about a failure, in the model of AIP-193: code and message of its reason,
// ErrorInfo always, BadRequest, RetryInfo and QuotaFailure where the reason calls for them.
//
// Depends on nothing but the arguments, and only on those parts of the failure that its reason may
// show: all causes of kOtpInvalid are equal byte for byte, our own faults tell the call's id and
// nothing else. Violations that find no room within kMaxStatusBytes are left out, last ones first.
google::rpc::Status ToRpcStatus(const Failure& failure, absl::string_view call_id);

// The caller ran into a limit; an automatic retry would only run into it again.
bool IsLimit(Reason reason);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_STATUS_H_
