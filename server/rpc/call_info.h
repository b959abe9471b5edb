#ifndef OTPGATE_SERVER_RPC_CALL_INFO_H_
#define OTPGATE_SERVER_RPC_CALL_INFO_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/rpc/callers.h"
#include "server/validation/end_user_address.h"

namespace otpgate::rpc {

// What a handler may know about a call beside its request.
struct CallInfo {
  std::string id;                  // the call id, made by this server, for logs and kInternal
  const Caller* caller = nullptr;  // never null; lives as long as the server
  absl::Duration deadline;         // on Clock::Steady(); always finite
  // Becomes true when nobody waits for the answer any more. Never null.
  std::shared_ptr<const std::atomic<bool>> cancelled;
  // The end user's address; only from callers that may forward it.
  std::optional<validation::EndUserAddress> end_user_address;
  std::string bearer_token;  // of the end user, not yet checked; empty: none. Secret.
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_CALL_INFO_H_
