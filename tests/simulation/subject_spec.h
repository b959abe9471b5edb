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

// What is promised about login codes, written a second time and in the plainest way: the whole past
// of a subject as facts, and brute force over them.
namespace otpgate::sim {

struct CodeFacts {
  OtpId id;
  std::string text;
  absl::Time created_at;
  absl::Time expires_at;
  bool bound = true;  // evaluated for who holds its handle only
  int attempts = 0;
  bool consumed = false;
};

struct RequestFacts {
  std::string payload;
  absl::Time at;
  Effect outcome;
};

struct SubjectFacts {
  std::optional<CodeFacts> code;  // the newest; every older one is dead
  int failures = 0;
  std::optional<absl::Time> blocked_until;
  std::optional<absl::Time> disabled_at;
  std::vector<absl::Time> sends;
  std::vector<absl::Time> resends;
  UserId user_id;  // once set, for ever
  absl::Time updated_at = absl::UnixEpoch();
  std::map<std::string, RequestFacts> requests;  // by method and id
};

enum class Outcome {
  kIssued,
  kWrong,
  kRight,
  kUnlocked,
  kVoided,
  // Those that change nothing:
  kRepeat,
  kIdReused,
  kLimited,
  kNotEvaluated,
  kNothing,
};
inline bool Changes(Outcome outcome) { return outcome <= Outcome::kVoided; }
absl::string_view NameOf(Outcome outcome);

// What has to come of `command` at `now`.
Outcome Expect(const OtpPolicy& policy, const SubjectFacts& facts, const SubjectCommand& command,
               absl::Time now);

// Lets come of it what Expect says, an outcome that changes something. A right code of a disabled
// account is used up and opens nothing: `signs_in` is false.
Effect Apply(const OtpPolicy& policy, const SubjectCommand& command, absl::Time now, bool signs_in,
             SubjectFacts& facts);

// The record of the command's request_id, or null.
const RequestFacts* RecordOf(const OtpPolicy& policy, const SubjectFacts& facts,
                             const SubjectCommand& command, absl::Time now);

// Forgets failures that rest has outlasted.
void ForgetWhatIsDue(const OtpPolicy& policy, absl::Time now, SubjectFacts& facts);

// Empty, or how `state` differs from the facts.
std::string Difference(const OtpPolicy& policy, const SubjectFacts& facts,
                       const SubjectState& state, absl::Time now);

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SUBJECT_SPEC_H_
