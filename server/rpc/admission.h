#ifndef OTPGATE_SERVER_RPC_ADMISSION_H_
#define OTPGATE_SERVER_RPC_ADMISSION_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/errors/failure.h"
#include "server/rpc/call_info.h"
#include "server/rpc/callers.h"
#include "server/rpc/unary_method.h"

namespace otpgate::rpc {

// A header of a call: its value, and how often it was sent.
struct CallHeader {
  absl::string_view value;
  int count = 0;
};

// The headers that this service reads; all others are ignored.
struct CallHeaders {
  CallHeader authorization;         // authorization: of the end user
  CallHeader client_authorization;  // x-otpgate-client-authorization: of the calling service
  CallHeader client_ip;             // x-otpgate-client-ip: address of the end user
  CallHeader x_request_id;          // x-request-id: see LoggedRequestId
};

// What the log line of a call tells of its x-request-id, with which proxies and the gateway name a
// request: the value if it came once and has 1 to 128 characters of [A-Za-z0-9._-], else nothing.
// Anybody can send it, so it proves nothing. Pure.
absl::string_view LoggedRequestId(const CallHeaders& headers);

// Finds out who calls and whether that caller may call `method`; fills the caller, end_user_address
// and bearer_token of `info`. `names`: of the caller's verified certificate; empty: none.
//   kUnauthenticated   the caller is unknown
//   kPermissionDenied  the caller may not call this method
//   kInvalidRequest    a header that is used was sent twice, or the address is malformed
// The address of a caller that may not forward addresses is ignored: anybody can send the header.
// Pure.
std::optional<errors::Failure> Admit(const CallHeaders& headers, const CertificateNames& names,
                                     const UnaryMethod& method, const Callers& callers,
                                     CallInfo& info);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_ADMISSION_H_
