#ifndef OTPGATE_SERVER_RPC_COMPAT_OPTIONS_H_
#define OTPGATE_SERVER_RPC_COMPAT_OPTIONS_H_

namespace otpgate::rpc {

// Which older designs are served. The methods of the others are UNIMPLEMENTED.
struct CompatOptions {
  bool enabled = true;  // false: none of them
  bool verification = true;
  bool otp_service = true;
  bool mobile_otp = true;
  bool signup_otp = true;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_COMPAT_OPTIONS_H_
