#ifndef OTPGATE_SERVER_RPC_CALL_INFO_H_
#define OTPGATE_SERVER_RPC_CALL_INFO_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "server/rpc/callers.h"
#include "server/validation/client_address.h"

namespace otpgate {

// What a handler may know about a call beside its request.
struct CallInfo {
  std::string id;                  // made by this server; names the call in logs and faults
  const Caller* caller = nullptr;  // never null; lives as long as the server
  absl::Duration deadline;         // on Clock::Steady(); always finite
  // Becomes true when nobody waits for the answer any more. Never null.
  std::shared_ptr<const std::atomic<bool>> cancelled;
  std::optional<ClientAddress> client;  // of the end user, from callers that may forward it
  std::string bearer_token;             // of the end user, unchecked; empty: none. Secret.
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_CALL_INFO_H_
