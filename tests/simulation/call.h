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

namespace otpgate::simulation {

// The number of a call, from 1. The audit event of the call carries it, so that a committed change
// names the call that caused it.
using CallId = uint64_t;
AuditId AuditIdOf(CallId call);
CallId CallOf(const AuditId& id);

using AnyCommand =
    std::variant<domain::SubjectCommand, domain::SessionCommand, domain::UserCommand, domain::Take>;
using AnyReply =
    std::variant<domain::SubjectReply, domain::SessionReply, domain::UserReply, domain::TakeReply>;

// What a call changed in the store.
struct Effect {
  uint64_t commit = 0;  // number of the commit
  absl::Time at = {};   // `now` of the decision
  // For commands on codes:
  errors::Reason reason = errors::Reason::kUnspecified;
  OtpId otp_id = {};
  absl::Time expires_at = {};
  std::optional<int> attempts_left = {};  // only for a caller with the handle
  SessionId session_id = {};
  UserId user_id = {};  // the account that signed in
  bool new_user = false;
  // For commands on sessions:
  int64_t generation = 0;
};

// One attempt of one actor at one server, as seen from outside.
struct Call {
  CallId id = 0;
  AnyCommand command;
  uint64_t sent_commit = 0;  // number of commits before it was sent
  absl::Time sent_at;        // by the store's clock
  bool hostile = false;
  bool always_sends_id = false;  // its actor sends a request_id with every command that takes one

  bool answered = false;
  bool nothing_happened = false;  // the answer said so
  std::optional<Effect> effect;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_CALL_H_
