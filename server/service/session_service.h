#ifndef OTPGATE_SERVER_SERVICE_SESSION_SERVICE_H_
#define OTPGATE_SERVER_SERVICE_SESSION_SERVICE_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/domain/session_list_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/user_rules.h"
#include "server/engine/engine.h"
#include "server/runtime/executor.h"
#include "server/service/account_check.h"
#include "server/service/auth_api.h"
#include "server/service/token_issuer.h"

namespace otpgate::service {

// Called with the outcome of every refresh token that was presented. Must not block.
using OnRefresh = std::function<void(domain::RefreshOutcome)>;

// What the service uses; all outlive it.
struct SessionServiceParts {
  engine::Engine<domain::SessionRules>* sessions = nullptr;
  engine::Engine<domain::UserRules>* users = nullptr;
  engine::Engine<domain::SessionListRules>* lists = nullptr;
  const AccountCheck* accounts = nullptr;
  const TokenIssuer* tokens = nullptr;
  runtime::Executor* executor = nullptr;  // signs tokens, to keep that off the workers
  const Clock* clock = nullptr;
  Random* random = nullptr;
  Log* log = nullptr;
  OnRefresh on_refresh = {};  // may be empty
};

// The use cases of sessions (signed-in devices) and their tokens.
std::unique_ptr<SessionApi> NewSessionService(SessionServiceParts parts);

}  // namespace otpgate::service

#endif  // OTPGATE_SERVER_SERVICE_SESSION_SERVICE_H_
