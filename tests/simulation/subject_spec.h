#ifndef OTPGATE_TESTS_SIMULATION_SUBJECT_SPEC_H_
#define OTPGATE_TESTS_SIMULATION_SUBJECT_SPEC_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/otp_policy.h"
#include "server/domain/subject_commands.h"
#include "tests/simulation/call.h"

// What is promised about codes for logins and verifications, specified independently of the rules and as simply as
// possible: by brute force over the whole past of a subject.
namespace otpgate::simulation {

struct CodeFacts {
  OtpId id;
  std::string text;
  absl::Time created_at;
  absl::Time expires_at;
  bool bound = true;  // evaluated only for callers with its handle
  int attempts = 0;
  bool consumed = false;
};

struct RequestFacts {
  std::string payload;
  absl::Time at;
  Effect outcome;
};

struct SubjectFacts {
  std::map<storage::Purpose, CodeFacts> codes;  // the newest of each; older ones are invalid
  int failures = 0;
  std::optional<absl::Time> blocked_until;
  std::optional<absl::Time> disabled_at;
  std::vector<absl::Time> sends;
  std::vector<absl::Time> resends;
  UserId user_id;  // never changes once it is set
  absl::Time updated_at = absl::UnixEpoch();
  std::map<std::string, RequestFacts> requests;  // by caller, method and request_id
};

enum class Outcome {
  kIssued,
  kWrong,
  kRight,
  kUnlocked,
  kVoided,
  // These change nothing:
  kRepeat,
  kIdReused,
  kLimited,
  kNotEvaluated,
  kNothing,
};
inline bool Changes(Outcome outcome) { return outcome <= Outcome::kVoided; }
absl::string_view NameOf(Outcome outcome);

// What the code of a command is for; login for a command without a purpose.
storage::Purpose PurposeOf(const domain::SubjectCommand& command);

// The newest code of the command's purpose, or null.
const CodeFacts* CodeOf(const SubjectFacts& facts, const domain::SubjectCommand& command);

// The required outcome of `command` at `now`.
Outcome Expect(const domain::OtpPolicy& policy, const SubjectFacts& facts,
               const domain::SubjectCommand& command, absl::Time now);

// Applies a command for which Expect returns an outcome that changes something. `signs_in` is false
// for the right code of a disabled account: the code is used up and no session is opened.
Effect Apply(const domain::OtpPolicy& policy, const domain::SubjectCommand& command, absl::Time now,
             bool signs_in, SubjectFacts& facts);

// The record of the command's request_id, or null.
const RequestFacts* RecordOf(const domain::OtpPolicy& policy, const SubjectFacts& facts,
                             const domain::SubjectCommand& command, absl::Time now);

// Forgets the failures of a subject without an account after policy.idle_forget without activity.
void ForgetOldFailures(const domain::OtpPolicy& policy, absl::Time now, SubjectFacts& facts);

// How `state` differs from the facts; empty: not at all.
std::string Difference(const domain::OtpPolicy& policy, const SubjectFacts& facts,
                       const storage::SubjectState& state, absl::Time now);

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SUBJECT_SPEC_H_
