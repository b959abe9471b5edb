#ifndef OTPGATE_SERVER_SERVICE_CALL_CONTEXT_H_
#define OTPGATE_SERVER_SERVICE_CALL_CONTEXT_H_

#include <optional>
#include <string>

#include "server/engine/pending.h"
#include "server/validation/end_user_address.h"

namespace otpgate::service {

// Who calls, and on whose behalf. The transport makes it after it has authenticated the caller.
struct CallContext {
  std::string caller;  // id of the calling service
  // The end user's address, from callers that may forward it.
  std::optional<validation::EndUserAddress> end_user_address;
  std::string bearer;                  // access token as sent; empty: none
  bool session_token_will_do = false;  // the bearer may be a session token instead
  engine::Cancellation cancellation;
};

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_CALL_CONTEXT_H_
