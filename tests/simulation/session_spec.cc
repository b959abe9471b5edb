#include "tests/simulation/session_spec.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace otpgate::simulation {
namespace {

constexpr absl::string_view kRefreshedNames[] = {"rotated", "repeat",    "superseded",
                                                 "reuse",   "id reused", "invalid"};
// How many rotations a request_id is remembered for.
constexpr int64_t kIdsKept = 4;

bool IsDuplicate(const SessionFacts& session, int64_t generation, absl::string_view request_id) {
  if (request_id.empty() || generation < 0 || generation >= session.generation()) return false;
  return session.generation() - generation <= kIdsKept &&
         session.ids[static_cast<size_t>(generation)] == request_id;
}

bool IsKnown(const SessionFacts& session, absl::string_view request_id) {
  const int64_t first = std::max<int64_t>(0, session.generation() - kIdsKept);
  return !request_id.empty() &&
         std::find(session.ids.begin() + first, session.ids.end(), request_id) != session.ids.end();
}

}  // namespace

absl::string_view NameOf(Refreshed refreshed) {
  return kRefreshedNames[static_cast<size_t>(refreshed)];
}

bool MayBeUsed(const SessionFacts& session, const UserFacts& user, const NotBefore& not_before,
               absl::Time now) {
  return !session.revoked && user.exists && !user.disabled &&
         user.token_version == session.token_version &&
         !(not_before && session.created_at < *not_before) && now < session.idle_end &&
         now < session.absolute_end;
}

bool MayRepeat(const domain::SessionPolicy& policy, const SessionFacts& session, int64_t generation,
               absl::string_view request_id, absl::Time now) {
  if (generation + 1 != session.generation()) return false;
  return now < session.rotated_at + policy.grace || IsDuplicate(session, generation, request_id);
}

Refreshed Expect(const domain::SessionPolicy& policy, const SessionFacts& session,
                 const UserFacts& user, const NotBefore& not_before,
                 const domain::RotateSession& command, absl::Time now) {
  const int64_t generation = command.generation;
  if (!MayBeUsed(session, user, not_before, now)) return Refreshed::kInvalid;
  if (generation > session.generation()) return Refreshed::kInvalid;
  if (generation == session.generation()) {
    return IsKnown(session, command.request_id) ? Refreshed::kIdReused : Refreshed::kRotated;
  }
  if (MayRepeat(policy, session, generation, command.request_id, now)) return Refreshed::kRepeat;
  return IsDuplicate(session, generation, command.request_id) ? Refreshed::kSuperseded
                                                              : Refreshed::kReuse;
}

std::string Difference(const SessionFacts& facts, const storage::SessionState& state) {
  if (state.generation != facts.generation()) {
    return absl::StrCat("generation ", state.generation, ", must be ", facts.generation());
  }
  if (state.revoked_at.has_value() != facts.revoked) return "revoked or not";
  if (state.idle_expires_at != facts.idle_end) return "idle end";
  if (facts.generation() > 0 && state.rotated_at != facts.rotated_at) return "time of rotation";
  return "";
}

}  // namespace otpgate::simulation
