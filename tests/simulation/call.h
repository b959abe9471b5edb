#ifndef OTPGATE_TESTS_SIMULATION_CALL_H_
#define OTPGATE_TESTS_SIMULATION_CALL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/domain/bucket_rules.h"
#include "server/domain/session_commands.h"
#include "server/domain/subject_commands.h"

namespace otpgate::sim {

// Number of a call, and of the audit event it leaves: what was committed names who asked for it.
using CallId = uint64_t;
AuditId AuditIdOf(CallId call);
CallId CallOf(const AuditId& id);

using AnyCommand = std::variant<SubjectCommand, SessionCommand, UserCommand, Take>;
using AnyReply = std::variant<SubjectReply, SessionReply, UserReply, TakeReply>;

// What a call did to the store.
struct Effect {
  uint64_t commit = 0;  // number of the commit
  absl::Time at = {};   // `now` of the decision
  // Of a code:
  Reason reason = Reason::kUnspecified;
  OtpId otp_id = {};
  absl::Time expires_at = {};
  std::optional<int> attempts_left = {};  // for who holds the handle
  SessionId session_id = {};
  UserId user_id = {};  // the account that signed in
  bool new_user = false;
  // Of a session:
  int64_t generation = 0;
};

// One try of one client at one server, as an outsider sees it.
struct Call {
  CallId id = 0;
  AnyCommand command;
  uint64_t sent_commit = 0;  // commits before it was sent
  absl::Time sent_at;        // by the store's clock
  bool hostile = false;
  bool always_sends_id = false;  // this client sends a request_id with whatever takes one

  bool answered = false;
  bool nothing_happened = false;  // was told so
  std::optional<Effect> effect;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_CALL_H_
