#ifndef OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_
#define OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/domain/session_rules.h"

// What is promised about sessions and accounts, written a second time.
namespace otpgate::sim {

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

bool MayBeUsed(const SessionFacts& session, const UserFacts& user, const NotBefore& not_before,
               absl::Time now);

enum class Refreshed { kRotated, kRepeat, kSuperseded, kReuse, kIdReused, kInvalid };
absl::string_view NameOf(Refreshed refreshed);

// What has to come of a refresh at `now`.
Refreshed Expect(const SessionPolicy& policy, const SessionFacts& session, const UserFacts& user,
                 const NotBefore& not_before, const RotateSession& command, absl::Time now);

// The token of this generation may get the current one again.
bool MayRepeat(const SessionPolicy& policy, const SessionFacts& session, int64_t generation,
               absl::string_view request_id, absl::Time now);

// Empty, or how `state` differs from the facts.
std::string Difference(const SessionFacts& facts, const SessionState& state);

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_SESSION_SPEC_H_
