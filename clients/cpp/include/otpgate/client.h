#ifndef OTPGATE_CLIENT_H_
#define OTPGATE_CLIENT_H_

// All of the client.
//
//   NewChannel      to all servers of a deployment, with retries
//   AuthClient      the calls
//   TokenVerifier   access tokens checked here, without a call
//   Result, Error   what comes back
//   NewRequestId    for calls that you repeat yourself
//
// The calls wait for their answer; for others take the stubs of otpgate::proto and this channel.
//
// CMake: find_package(otpgate), link otpgate::client. pkg-config: otpgate.
#include "otpgate/client/auth_client.h"     // IWYU pragma: export
#include "otpgate/client/channel.h"         // IWYU pragma: export
#include "otpgate/client/error.h"           // IWYU pragma: export
#include "otpgate/client/jwks.h"            // IWYU pragma: export
#include "otpgate/client/request_id.h"      // IWYU pragma: export
#include "otpgate/client/token_verifier.h"  // IWYU pragma: export

#endif  // OTPGATE_CLIENT_H_
