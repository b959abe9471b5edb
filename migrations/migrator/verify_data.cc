#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "migrations/migrator/verify.h"

namespace otpgate::migrator {
namespace {

// Each rule is one statement and so one snapshot: a concurrent login does not appear to break it.
constexpr Rule kRules[] = {
    {"subject_has_user", "every subject with an account has a user of its user_type", R"sql(
       SELECT count(*) FROM subjects AS s
        WHERE s.user_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = s.user_id AND u.user_type = s.user_type)
     )sql"},
    {"subject_has_identity", "every subject with an account is an identity of it", R"sql(
       SELECT count(*) FROM subjects AS s
        WHERE s.user_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM identities AS i
                           WHERE i.user_id = s.user_id AND i.identifier = s.identifier
                             AND i.user_type = s.user_type)
     )sql"},
    {"identity_has_subject", "every identity is a subject with that account", R"sql(
       SELECT count(*) FROM identities AS i
        WHERE NOT EXISTS (SELECT FROM subjects AS s
                           WHERE s.identifier = i.identifier AND s.user_type = i.user_type
                             AND s.user_id = i.user_id)
     )sql"},
    {"user_has_identity", "every user has an identity", R"sql(
       SELECT count(*) FROM users AS u
        WHERE NOT EXISTS (SELECT FROM identities AS i WHERE i.user_id = u.id)
     )sql"},
    {"session_has_user", "every session belongs to a user", R"sql(
       SELECT count(*) FROM sessions AS s
        WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = s.user_id)
     )sql"},
    {"session_not_ahead", "no session has a token_version its user has not reached", R"sql(
       SELECT count(*) FROM sessions AS s JOIN users AS u ON u.id = s.user_id
        WHERE s.token_version > u.token_version
     )sql"},
    {"signup_code_has_user", "every used sign-up code names an existing user", R"sql(
       SELECT count(*) FROM signup_otps AS o
        WHERE o.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = o.user_id)
     )sql"},
    {"code_has_user", "every code of an account names an existing user", R"sql(
       SELECT count(*) FROM otp_sessions AS o
        WHERE o.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = o.user_id)
     )sql"},
    {"live_code_has_subject", "every live code has a subject", R"sql(
       SELECT count(*)
         FROM (SELECT identifier, user_type, expires_at, is_verified FROM signup_otps
               UNION ALL
               SELECT identifier, user_type, expires_at, is_verified FROM otp_sessions) AS o
        WHERE o.expires_at > now() AND NOT o.is_verified
          AND NOT EXISTS (SELECT FROM subjects AS s
                           WHERE s.identifier = o.identifier AND s.user_type = o.user_type)
     )sql"},
    {"request_has_user", "every recorded outcome with an account names an existing user", R"sql(
       SELECT count(*) FROM requests AS r
        WHERE r.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = r.user_id)
     )sql"},
    {"message_has_subject", "every message on its way has a subject", R"sql(
       SELECT count(*) FROM outbox AS o
        WHERE o.state = 'pending' AND o.expires_at > now()
          AND NOT EXISTS (SELECT FROM subjects AS s
                           WHERE s.identifier = o.identifier AND s.user_type = o.user_type)
     )sql"},
};

}  // namespace

absl::Span<const Rule> DataRules() { return kRules; }

absl::StatusOr<std::vector<BrokenRule>> FindDataProblems(pg::Connection& connection) {
  std::vector<BrokenRule> broken;
  for (const Rule& rule : kRules) {
    OTPGATE_ASSIGN_OR_RETURN(
        const pg::Rows rows,
        connection.Query(absl::StrCat("check ", rule.name), std::string(rule.broken_sql)));
    BrokenRule one{&rule, 0};
    if (!absl::SimpleAtoi(rows.at(0).at(0), &one.rows)) {
      return absl::InternalError(absl::StrCat("check ", rule.name, ": not a number"));
    }
    if (one.rows > 0) broken.push_back(one);
  }
  return broken;
}

}  // namespace otpgate::migrator
