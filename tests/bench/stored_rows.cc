#include "tests/bench/stored_rows.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "migrations/migrator/connection.h"

namespace otpgate::bench {
namespace {

// Connections that store at the same time, each into another table.
constexpr size_t kConnections = 2;
constexpr int64_t kPeople = 10'000'000'000;
constexpr int64_t kStep = 6'180'339'887;  // the golden ratio; shares no factor with kPeople

struct Fill {
  const char* into;
  const char* values;
  const char* which = "true";
};

// Filled from the subjects: n is the number of a subject, `identifier` its identifier, and `id` has
// the format of all ids. Ids and identifiers ascend, so that the indexes grow at their right end.
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

std::string SqlOf(const Fill& fill, int64_t subjects) {
  return absl::StrFormat(
      "INSERT INTO %s SELECT %s FROM ("
      "  SELECT n, now() - interval '10 days' AS past, now() + interval '10 days' AS future,"
      "         'person' || lpad((n * (%d / %d))::text, 10, '0') || 's@example.com'"
      "           AS identifier,"
      "         int8send(1700000000000 + n) || decode(md5(n::text), 'hex') AS id"
      "    FROM generate_series(0::bigint, %d) n) AS subject WHERE %s ORDER BY n",
      fill.into, fill.values, kPeople, subjects, subjects - 1, fill.which);
}

std::string VacuumOf(const Fill& fill) {
  const std::string into = fill.into;
  return absl::StrCat("VACUUM (FREEZE, ANALYZE) ", into.substr(0, into.find(' ')));
}

absl::Status RunFrom(const std::string& connection, const std::vector<std::string>& statements,
                     std::atomic<size_t>& next) {
  OTPGATE_ASSIGN_OR_RETURN(const std::unique_ptr<pg::Connection> admin,
                           migrator::Connect(connection));
  for (size_t i = next++; i < statements.size(); i = next++) {
    OTPGATE_RETURN_IF_ERROR(admin->Run(statements[i].substr(0, 40), statements[i]));
  }
  return absl::OkStatus();
}

// Runs all statements, in no particular order.
absl::Status RunInParallel(const std::string& connection,
                           const std::vector<std::string>& statements) {
  std::atomic<size_t> next = 0;
  std::vector<absl::Status> ends(kConnections);
  std::vector<std::thread> threads;
  for (absl::Status& end : ends) {
    threads.emplace_back([&] { end = RunFrom(connection, statements, next); });
  }
  for (std::thread& thread : threads) thread.join();
  absl::Status all;
  for (const absl::Status& end : ends) all.Update(end);
  return all;
}

}  // namespace

absl::Status StoreRows(const std::string& connection, int64_t subjects) {
  if (subjects == 0) return absl::OkStatus();
  std::vector<std::string> inserts, vacuums;
  for (const Fill& fill : kFills) {
    inserts.push_back(SqlOf(fill, subjects));
    vacuums.push_back(VacuumOf(fill));
  }
  OTPGATE_RETURN_IF_ERROR(RunInParallel(connection, inserts));
  // Only after all inserts: VACUUM cannot freeze rows that a running transaction may not see yet.
  OTPGATE_RETURN_IF_ERROR(RunInParallel(connection, vacuums));
  return RunInParallel(connection, {"CHECKPOINT"});
}

std::string SpreadAddress(int64_t person) {
  const auto number =
      static_cast<int64_t>(static_cast<unsigned __int128>(person) * kStep % kPeople);
  return absl::StrFormat("person%010d@example.com", number);
}

}  // namespace otpgate::bench
