#ifndef OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_
#define OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/session_rules.h"

// What is promised about sessions and accounts, specified independently of the rules.
namespace otpgate::simulation {

struct UserFacts {
  bool exists = false;
  bool disabled = false;
  int token_version = 0;
};

struct SessionFacts {
  int token_version = 0;
  absl::Time created_at;
  absl::Time idle_end;
  absl::Time absolute_end;
  bool revoked = false;
  absl::Time rotated_at;
  std::vector<std::string> ids;  // ids[g]: the request_id that ended generation g, or empty

  int64_t generation() const { return static_cast<int64_t>(ids.size()); }
};

using NotBefore = std::optional<absl::Time>;

// Whether a session is valid at `now`.
bool MayBeUsed(const SessionFacts& session, const UserFacts& user, const NotBefore& not_before,
               absl::Time now);

enum class Refreshed { kRotated, kRepeat, kSuperseded, kReuse, kIdReused, kInvalid };
absl::string_view NameOf(Refreshed refreshed);

// The required outcome of a refresh at `now`.
Refreshed Expect(const domain::SessionPolicy& policy, const SessionFacts& session,
                 const UserFacts& user, const NotBefore& not_before,
                 const domain::RotateSession& command, absl::Time now);

// Whether a refresh with the token of `generation` gets the current token again.
bool MayRepeat(const domain::SessionPolicy& policy, const SessionFacts& session, int64_t generation,
               absl::string_view request_id, absl::Time now);

// How `state` differs from the facts; empty: not at all.
std::string Difference(const SessionFacts& facts, const storage::SessionState& state);

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_
