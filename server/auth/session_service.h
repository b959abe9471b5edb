#ifndef OTPGATE_SERVER_AUTH_SESSION_SERVICE_H_
#define OTPGATE_SERVER_AUTH_SESSION_SERVICE_H_

#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "server/auth/account_check.h"
#include "server/auth/call_context.h"
#include "server/auth/results.h"
#include "server/auth/token_issuer.h"
#include "server/domain/session_list_rules.h"
#include "server/domain/session_rules.h"
#include "server/domain/user_rules.h"
#include "server/engine/engine.h"
#include "server/errors/failure.h"
#include "server/runtime/clock.h"
#include "server/runtime/executor.h"
#include "server/runtime/log.h"
#include "server/runtime/random.h"
#include "server/validation/inputs.h"

namespace otpgate {

// The use cases of signed-in devices. Thread-safe. `done` is called exactly once, on any thread,
// and must not block. Failures are those of the proto's documentation of each RPC.
class SessionService {
 public:
  // Told what became of each refresh token that was presented; UNAUTHENTICATED: it is not one of
  // ours. Must not block.
  using OnRefresh = std::function<void(const absl::StatusOr<SessionReply>&)>;

  // All outlive the service.
  struct Parts {
    Engine<SessionRules>* sessions = nullptr;
    Engine<UserRules>* users = nullptr;
    Engine<SessionListRules>* lists = nullptr;
    const AccountCheck* accounts = nullptr;
    const TokenIssuer* tokens = nullptr;
    Executor* executor = nullptr;  // computes signatures, so that workers do not
    const Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
    // Empty: nobody is told.
    OnRefresh on_refresh = {};
  };

  explicit SessionService(Parts parts) : parts_(std::move(parts)) {}

  void RefreshToken(const CallContext& context, const RefreshTokenInput& input,
                    Done<TokenPair> done) const;
  void RevokeToken(const CallContext& context, const TokenInput& input,
                   Done<std::monostate> done) const;
  // Nothing: the token is good for nothing.
  void IntrospectToken(const CallContext& context, const TokenInput& input,
                       Done<std::optional<TokenFacts>> done) const;
  void ListSessions(const CallContext& context, Done<std::vector<SessionView>> done) const;
  void RevokeSession(const CallContext& context, const SessionInput& input,
                     Done<std::monostate> done) const;
  void RevokeAllSessions(const CallContext& context, Done<std::monostate> done) const;

 private:
  Actor ActorOf(const CallContext& context) const;
  void End(const CallContext& context, const AccountKey& session, const char* why,
           Done<std::monostate> done) const;
  void AnswerRefreshed(const AccountKey& session, const SessionReply& reply,
                       const Done<TokenPair>& done) const;
  void IntrospectRefresh(const CallContext& context, const crypto::RefreshToken& token,
                         Done<std::optional<TokenFacts>> done) const;
  void IntrospectAccess(const CallContext& context, const std::string& token,
                        Done<std::optional<TokenFacts>> done) const;
  void Note(const AccountKey& session, const std::string& caller, const SessionReply& reply) const;

  const Parts parts_;
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_AUTH_SESSION_SERVICE_H_
