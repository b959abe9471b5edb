#include "tests/bench/stored_rows.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/runtime/status_macros.h"

namespace otpgate::bench {
namespace {

constexpr int64_t kPeople = 10'000'000'000;
constexpr int64_t kStep = 6'180'339'887;  // the golden ratio; shares no factor with kPeople

struct Fill {
  const char* into;
  const char* values;
  const char* which = "true";
};

// Over the subjects: n is the number of one, `identifier` its own, `id` of the shape of all ids and
// ascending, as are the identifiers, so that the indexes grow at their right end.
constexpr Fill kFills[] = {
    {"subjects (identifier, user_type, version, previous_version, user_id, failures,"
     " last_success_at, recent_sends, recent_resends, updated_at)",
     "identifier, 'live', n + 1, 0, CASE WHEN n % 2 = 0 THEN id END, 0,"
     " CASE WHEN n % 2 = 0 THEN past END, '{}', '{}', past"},
    {"signup_otps (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,"
     " created_at, expires_at, is_verified)",
     "identifier, 'live', 'login', id, sha256(id), 'k1', 0, true, past,"
     " CASE WHEN n % 20 = 1 THEN future ELSE past END, false",
     "n % 2 = 1"},
    {"otp_sessions (identifier, user_type, purpose, id, code_mac, key_id, attempts, bound,"
     " created_at, expires_at, is_verified, verified_at, user_id)",
     "identifier, 'live', 'login', id, sha256(id), 'k1', 0, true, past,"
     " CASE WHEN n % 20 = 0 THEN future ELSE past END, n % 20 <> 0,"
     " CASE WHEN n % 20 <> 0 THEN past END, NULL",
     "n % 2 = 0"},
    {"users (id, version, user_type, status, token_version, created_at)",
     "id, n + 1, 'live', 'active', 0, past", "n % 2 = 0"},
    {"identities (user_id, identifier, user_type, verified_at)", "id, identifier, 'live', past",
     "n % 2 = 0"},
    {"sessions (user_id, id, version, generation, key_id, token_version, created_at,"
     " idle_expires_at, absolute_expires_at, caller, device_info, ip, amr, revoked_at,"
     " revoked_reason)",
     "id, id, n + 1, 0, 'k1', 0, past, future, future, 'development', 'a telephone', '', 'email',"
     " CASE WHEN n % 20 = 0 THEN past END, CASE WHEN n % 20 = 0 THEN 'logout' ELSE '' END",
     "n % 2 = 0"},
    {"outbox (identifier, id, user_type, otp_id, code_mac, code_table, purpose, channel, state,"
     " generation, next_try_at, created_at, expires_at, finished_at)",
     "identifier, id, 'live', id, sha256(id), 'signup_otps', 'login', 'email', 'sent', 0, past,"
     " past, past, past",
     "n % 10 = 1"},
    {"audit_events (scope, id, event, at, caller, ip, detail, otp_id)",
     "'live:' || identifier, id, 'SIGNUP_OTP_CREATED', past, 'development', '', '', id",
     "n % 10 = 1"},
    {"limits (bucket, version, previous_version, tat, updated_at)",
     "'ip:' || identifier, n + 1, 0, past, past", "n % 10 = 1"},
};

}  // namespace

absl::Status StoreRows(migrator::Session& session, int64_t subjects) {
  if (subjects == 0) return absl::OkStatus();
  for (const Fill& fill : kFills) {
    OTPGATE_RETURN_IF_ERROR(session.Run(
        fill.into,
        absl::StrFormat(
            "INSERT INTO %s SELECT %s FROM ("
            "  SELECT n, now() - interval '10 days' AS past, now() + interval '10 days' AS future,"
            "         'person' || lpad((n * (%d / %d))::text, 10, '0') || 's@example.com'"
            "           AS identifier,"
            "         int8send(1700000000000 + n) || decode(md5(n::text), 'hex') AS id"
            "    FROM generate_series(0::bigint, %d) n) AS subject WHERE %s ORDER BY n",
            fill.into, fill.values, kPeople, subjects, subjects - 1, fill.which)));
  }
  OTPGATE_RETURN_IF_ERROR(session.Run("vacuum", "VACUUM (FREEZE, ANALYZE)"));
  return session.Run("checkpoint", "CHECKPOINT");
}

std::string SpreadAddress(int64_t person) {
  const auto number =
      static_cast<int64_t>(static_cast<unsigned __int128>(person) * kStep % kPeople);
  return absl::StrFormat("person%010d@example.com", number);
}

}  // namespace otpgate::bench
