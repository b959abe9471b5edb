#ifndef OTPGATE_SERVER_AUTH_CALL_CONTEXT_H_
#define OTPGATE_SERVER_AUTH_CALL_CONTEXT_H_

#include <optional>
#include <string>

#include "server/engine/pending.h"
#include "server/validation/client_address.h"

namespace otpgate {

// Who calls and on whose behalf. Made by the transport, which has already authenticated the caller.
struct CallContext {
  std::string caller;                   // id of the calling client
  std::optional<ClientAddress> client;  // end user's address, from callers that may forward it
  std::string bearer;                   // access token as sent; empty: none
  Patience patience;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_CALL_CONTEXT_H_
