#include "storage/postgres/table_rows.h"

#include <gmock/gmock.h>

#include <regex>
#include <string>
#include <vector>

#include "storage/postgres/statements/accounts.h"
#include "storage/postgres/statements/limits.h"
#include "storage/postgres/statements/requests.h"
#include "storage/postgres/statements/sessions.h"
#include "storage/postgres/statements/signing_keys.h"
#include "storage/postgres/statements/subjects.h"
#include "storage/postgres/subject_write.h"
#include "storage/tables.h"

namespace otpgate::storage::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string OnOneLine(const std::string& sql) {
  return std::regex_replace(sql, std::regex(R"(\s+)"), " ");
}

// The columns that a statement spells out in its SQL must be those that ReadColumns reads.
struct Loaded {
  const char* what;
  const Statement& statement;
  std::string columns;
};

TEST(TableRowsTest, LoadsSelectTheColumnsThatAreRead) {
  const std::vector<Loaded> all = {
      {"subject", kLoadSubjects, SelectListOf<kSubjectsTable, SubjectState>("s")},
      {"code", kLoadSubjects, SelectListOf<kOtpSessionsTable, Code>("c")},
      {"request", kLoadRequests, SelectListOf<kRequestsTable, RequestRecord>("r")},
      {"session of a request", kLoadRequests,
       "s.id, s.revoked_at IS NOT NULL, " + SelectListOf<kSessionsTable, RecordedSession>("s")},
      {"account", kLoadAccounts, SelectListOf<kUsersTable, Account>("u")},
      {"identity", kLoadAccounts, "i.identifier, i.user_type, timestamptz_send(i.verified_at)"},
      {"account", kLoadAccountViews, SelectListOf<kUsersTable, Account>("u")},
      {"session", kLoadAccountViews,
       "s.id, s.revoked_at IS NOT NULL, " + SelectListOf<kSessionsTable, RecordedSession>("s")},
      {"identity", kLoadAccountViews, "i.identifier, i.user_type, timestamptz_send(i.verified_at)"},
      {"session", kLoadSessions,
       "s.version, s.previous_version, " + SelectListOf<kSessionsTable, SessionState>("s")},
      {"account", kLoadSessions, SelectListOf<kUsersTable, Account>("u")},
      {"session", kListSessions, SelectListOf<kSessionsTable, SessionInfo>("s")},
      {"account", kLoadUsers, SelectListOf<kUsersTable, Account>("u")},
      {"bucket", kLoadBuckets, SelectListOf<kLimitsTable, BucketState>("l")},
      {"key", kListSigningKeys, SelectListOf<kSigningKeysTable, SigningKeyRow>("k")},
  };
  for (const Loaded& one : all) {
    EXPECT_THAT(OnOneLine(one.statement.sql), HasSubstr(one.columns)) << one.what;
  }
}

TEST(TableRowsTest, NoPlaceholderIsLeft) {
  EXPECT_THAT(SubjectWrite().whole().sql, Not(HasSubstr("{")));
  for (const Statement* statement : {&kChangeSessions, &kChangeSessionsAudited, &kChangeUsers,
                                     &kWriteBuckets, &kAddSigningKey}) {
    EXPECT_THAT(statement->sql, Not(HasSubstr("{"))) << statement->name;
  }
}

TEST(TableRowsTest, AGuardedWriteReadsAsBeforeItsExpansion) {
  EXPECT_EQ(OnOneLine(kChangeSessions.sql),
            " INSERT INTO sessions AS s (version, previous_version, user_id, id, token_version, "
            "created_at, absolute_expires_at, caller, device_info, ip, amr, generation, key_id, "
            "idle_expires_at, rotated_at, rotated_by, revoked_at, revoked_reason) "
            "SELECT i.version, i.expected, o.user_id, o.id, o.token_version, o.created_at, "
            "o.absolute_expires_at, o.caller, o.device_info, o.ip, o.amr, i.generation, i.key_id, "
            "i.idle_expires_at, i.rotated_at, i.rotated_by, i.revoked_at, i.revoked_reason "
            "FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::integer[], "
            "$6::text[], $7::timestamptz[], $8::timestamptz[], $9::bytea[], $10::timestamptz[], "
            "$11::text[]) AS i (user_id, id, version, expected, generation, key_id, "
            "idle_expires_at, rotated_at, rotated_by, revoked_at, revoked_reason) "
            "JOIN sessions o ON o.user_id = i.user_id AND o.id = i.id ORDER BY o.user_id, o.id "
            "ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version, "
            "previous_version = excluded.previous_version, generation = excluded.generation, "
            "key_id = excluded.key_id, idle_expires_at = excluded.idle_expires_at, "
            "rotated_at = excluded.rotated_at, rotated_by = excluded.rotated_by, "
            "revoked_at = excluded.revoked_at, revoked_reason = excluded.revoked_reason "
            "WHERE s.version = excluded.previous_version RETURNING s.version ");
}

TEST(TableRowsTest, NullableTextIsNullWithoutAValue) {
  struct Noted {
    std::optional<std::string> note;
  };
  TextArray array, expected;
  Wire<kind::Text>::Add(array, Noted{"hello"}.note);
  Wire<kind::Text>::Add(array, Noted{}.note);
  expected.Add("hello");
  expected.AddNull();
  EXPECT_EQ(array.bytes(), expected.bytes());
}

}  // namespace
}  // namespace otpgate::storage::postgres
