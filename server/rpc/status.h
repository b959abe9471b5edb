#ifndef OTPGATE_SERVER_RPC_STATUS_H_
#define OTPGATE_SERVER_RPC_STATUS_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "server/errors/failure.h"

namespace otpgate::rpc {

// Upper bound of a serialized status. Statuses travel in trailers, which share the limit of
// headers, 8 KiB at common proxies.
inline constexpr size_t kMaxStatusBytes = 1024;

// What callers are told about a failure, in the model of AIP-193: code and message of its reason,
// ErrorInfo always, BadRequest, RetryInfo and QuotaFailure where the reason calls for them.
//
// Depends on nothing but the arguments, and only on those parts of the failure that its reason may
// show: all causes of kOtpInvalid give the same bytes, and kInternal tells the call id and nothing
// else. Violations that do not fit into kMaxStatusBytes are left out, last ones first.
google::rpc::Status ToRpcStatus(const errors::Failure& failure, absl::string_view call_id);

// The reason is a limit; an automatic retry would only meet it again.
bool IsLimit(errors::Reason reason);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_STATUS_H_
