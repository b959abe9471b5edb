#include "storage/conformance/broken_rows.h"
#include "storage/conformance/samples.h"

namespace otpgate::testing {

std::vector<BrokenRow<Session>> BrokenSessions() {
  using S = Change<Session>&;
  return {
      {"UserShort", "sessions_user_id_length", [](S c) { c.key.user_id.bytes.pop_back(); }},
      {"IdShort", "sessions_id_length", [](S c) { c.key.session_id.bytes.pop_back(); }},
      {"VersionZero", "sessions_version_not_zero", [](S c) { c.version = 0; }},
      {"GenerationBelowZero", "sessions_generation_range", [](S c) { c.state.generation = -1; }},
      {"KeyIdEmpty", "sessions_key_id_length", [](S c) { c.state.key_id.clear(); }},
      {"KeyIdLong", "sessions_key_id_length", [](S c) { c.state.key_id.assign(17, 'k'); }},
      {"IdleBetweenMicros", "sessions_idle_expires_at_time",
       [](S c) { c.state.idle_expires_at = kBetweenMicros; }},
      {"RotatedBetweenMicros", "sessions_rotated_at_time",
       [](S c) { c.state.rotated_at = kBetweenMicros; }},
      {"RotatedByShort", "sessions_rotated_by_length",
       [](S c) { c.state.rotated_by.assign(15, 'r'); }},
      {"RotatedByLong", "sessions_rotated_by_length",
       [](S c) { c.state.rotated_by.assign(80, 'r'); }},
      {"RevokedBetweenMicros", "sessions_revoked_at_time",
       [](S c) { c.state.revoked_at = kBetweenMicros; }},
      {"RevokedForNoReason", "sessions_revoked_reason_known",
       [](S c) { c.state.revoked_reason = "because"; }},
  };
}

std::vector<BrokenRow<User>> BrokenUsers() {
  using U = Change<User>&;
  return {
      {"IdShort", "users_id_length",
       [](U c) { c.key.bytes.pop_back(), c.state.account.id = c.key; }},
      {"OtherId", "users_id_owner", [](U c) { c.state.account.id.bytes[0] ^= 1; }},
      {"VersionZero", "users_version_not_zero", [](U c) { c.version = 0; }},
      {"TokenVersionBelowZero", "users_token_version_range",
       [](U c) { c.state.account.token_version = -1; }},
  };
}

}  // namespace otpgate::testing
