#ifndef OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_H_
#define OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_H_

// The whole client library.
//
//   NewChannel      connects to all servers of a deployment, with retries
//   AuthClient      calls AuthService
//   TokenVerifier   checks access tokens locally, without a call
//   ProofVerifier   checks the proofs of PURPOSE_VERIFICATION locally
//   Result, Error   the outcome of a call
//   NewRequestId    makes a `request_id` for calls that you repeat yourself
//
// AuthClient is synchronous; for asynchronous calls use the stubs of otpgate::proto on a channel
// from NewChannel.
//
// CMake: find_package(otpgate), link otpgate::client. pkg-config: otpgate.
#include "otpgate/client/auth_client.h"     // IWYU pragma: export
#include "otpgate/client/channel.h"         // IWYU pragma: export
#include "otpgate/client/error.h"           // IWYU pragma: export
#include "otpgate/client/jwks.h"            // IWYU pragma: export
#include "otpgate/client/proof_verifier.h"  // IWYU pragma: export
#include "otpgate/client/request_id.h"      // IWYU pragma: export
#include "otpgate/client/token_verifier.h"  // IWYU pragma: export

#endif  // OTPGATE_CLIENTS_CPP_INCLUDE_OTPGATE_CLIENT_H_
