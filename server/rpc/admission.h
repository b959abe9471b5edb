#ifndef OTPGATE_SERVER_RPC_ADMISSION_H_
#define OTPGATE_SERVER_RPC_ADMISSION_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/errors/failure.h"
#include "server/rpc/call_info.h"
#include "server/rpc/callers.h"
#include "server/rpc/unary_method.h"

namespace otpgate {

// A header as it arrived: its value, and how often it was there.
struct CallHeader {
  absl::string_view value;
  int count = 0;
};

// The headers this service reads; it looks at no others.
struct CallHeaders {
  CallHeader authorization;         // authorization: of the end user
  CallHeader client_authorization;  // x-otpgate-client-authorization: of the calling service
  CallHeader client_ip;             // x-otpgate-client-ip: address of the end user
};

// Decides who calls and whether it may, and fills caller, client and bearer_token of `info`.
// `names` are those of the certificate the caller has proven to be its own.
//   kUnauthenticated   the caller is unknown
//   kPermissionDenied  the caller may not call this method
//   kInvalidRequest    a header that counts is there twice, or its address is none
// An address from a caller that may not forward it is as good as absent: anybody can send the
// header. Pure.
std::optional<Failure> Admit(const CallHeaders& headers, const CertificateNames& names,
                             const UnaryMethod& method, const Callers& callers, CallInfo& info);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_ADMISSION_H_
