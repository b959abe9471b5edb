#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "base/clock.h"
#include "storage/conformance/session_fixture.h"
#include "storage/postgres/pg_account_reader.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_session_store.h"
#include "storage/postgres/pg_subject_store.h"
#include "storage/postgres/row_reader.h"
#include "tests/support/test_database.h"

namespace otpgate::storage::postgres {
namespace {

using conformance::SessionContract;
using conformance::StorageContract;

using Field = std::string;

// SQL literals.
std::string Bytea(const std::string& bytes) {
  return absl::StrCat("'\\x", absl::BytesToHexString(bytes), "'::bytea");
}
std::string Text(const std::string& text) {
  return absl::StrCat("convert_from(", Bytea(text), ", 'UTF8')");
}
std::string Where(const SubjectKey& subject) {
  return absl::StrCat(" WHERE identifier = ", Text(subject.identifier), " AND user_type = '",
                      NameOf(subject.user_type), "'");
}
std::string Micros(const char* column) {
  return absl::StrCat("(extract(epoch FROM ", column, ") * 1000000)::bigint");
}
absl::Time TimeOf(const Field& micros) { return absl::FromUnixMicros(std::stoll(micros)); }
// NULL reads as "".
std::string BytesOf(const Field& hex) { return hex.empty() ? "" : FromHex(hex); }

CodeTable TableOf(const Field& name) {
  return name == "signup_otps" ? CodeTable::kSignupOtps : CodeTable::kOtpSessions;
}
const char* NameOfTable(CodeTable table) {
  return table == CodeTable::kSignupOtps ? "signup_otps" : "otp_sessions";
}

// One database for all cases, emptied for each: creating one takes longer than most cases.
const support::TestDatabase& EmptyDatabase() {
  static const support::TestDatabase database;
  database.Query(
      "TRUNCATE subjects, signup_otps, otp_sessions, users, identities, sessions, requests,"
      " limits, outbox, audit_events, not_before");
  return database;
}

class PgWorld final : public conformance::StorageWorld {
 public:
  std::unique_ptr<Store<Subject>> NewSubjects() override {
    return std::make_unique<PgSubjectStore>(Options(), clock_);
  }
  std::unique_ptr<Store<Bucket>> NewBuckets() override {
    return std::make_unique<PgBucketStore>(Options(), clock_);
  }
  std::unique_ptr<Store<Session>> NewSessions() override {
    return std::make_unique<PgSessionStore>(Options(), clock_);
  }
  std::unique_ptr<Store<User>> NewUsers() override {
    return std::make_unique<PgUserStore>(Options(), clock_);
  }
  std::unique_ptr<Reader<AccountView>> NewAccounts() override {
    return std::make_unique<PgAccountReader>(Options());
  }
  std::unique_ptr<Reader<SessionList>> NewSessionLists() override {
    return std::make_unique<PgSessionLister>(Options());
  }

  std::map<std::string, int64_t> CountRows() override {
    static constexpr const char* kTables[] = {"subjects",   "signup_otps", "otp_sessions", "users",
                                              "identities", "sessions",    "requests",     "limits",
                                              "outbox",     "audit_events"};
    std::string sql;
    for (const char* table : kTables) {
      absl::StrAppend(&sql, sql.empty() ? "" : " UNION ALL ", "SELECT '", table,
                      "', count(*) FROM ", table);
    }
    std::map<std::string, int64_t> rows;
    for (const auto& row : database_.Query(sql)) rows[row.at(0)] = std::stoll(row.at(1));
    return rows;
  }

  std::vector<Message> MessagesOf(const SubjectKey& subject) override {
    std::vector<Message> messages;
    for (const auto& row : database_.Query(absl::StrCat(
             "SELECT id, otp_id, code_mac, code_table, purpose, channel, state, sealed, ",
             Micros("created_at"), ", ", Micros("expires_at"), " FROM outbox", Where(subject)))) {
      messages.push_back(
          {.id = {FromHex(row[0])},
           .otp_id = {FromHex(row[1])},
           .code_mac = FromHex(row[2]),
           .table = TableOf(row[3]),
           .purpose = PurposeFrom(row[4]).value(),
           .channel = row[5] == "sms" ? Channel::kSms : Channel::kEmail,
           .state = row[6] == "pending" ? MessageState::kPending : MessageState::kSuppressed,
           .sealed = BytesOf(row[7]),
           .created_at = TimeOf(row[8]),
           .expires_at = TimeOf(row[9])});
    }
    return messages;
  }

  std::vector<AuditEvent> AuditOf(const SubjectKey& subject) override {
    return AuditOfScope(absl::StrCat(NameOf(subject.user_type), ":", subject.identifier));
  }
  std::vector<AuditEvent> AuditOf(const UserId& user) override {
    return AuditOfScope(absl::StrCat("user:", absl::BytesToHexString(user.bytes)));
  }
  std::vector<AuditEvent> AuditOfScope(const std::string& scope) {
    std::vector<AuditEvent> events;
    for (const auto& row :
         database_.Query(absl::StrCat("SELECT id, event, ", Micros("at"),
                                      ", caller, ip, detail, otp_id,"
                                      " user_id, session_id FROM audit_events WHERE scope = ",
                                      Text(scope)))) {
      events.push_back({.id = {FromHex(row[0])},
                        .event = row[1],
                        .at = TimeOf(row[2]),
                        .caller = row[3],
                        .ip = row[4],
                        .detail = row[5],
                        .otp_id = {BytesOf(row[6])},
                        .user_id = {BytesOf(row[7])},
                        .session_id = {BytesOf(row[8])}});
    }
    return events;
  }

  std::vector<NewSession> SessionsOf(const UserId& user) override {
    std::vector<NewSession> sessions;
    for (const auto& row : database_.Query(
             absl::StrCat("SELECT user_id, id, key_id, token_version, ", Micros("created_at"), ", ",
                          Micros("idle_expires_at"), ", ", Micros("absolute_expires_at"),
                          ", caller, device_info, ip, amr FROM sessions WHERE generation = 0"
                          " AND revoked_at IS NULL AND user_id = ",
                          Bytea(user.bytes)))) {
      sessions.push_back({.user_id = {FromHex(row[0])},
                          .id = {FromHex(row[1])},
                          .key_id = row[2],
                          .token_version = std::stoi(row[3]),
                          .created_at = TimeOf(row[4]),
                          .idle_expires_at = TimeOf(row[5]),
                          .absolute_expires_at = TimeOf(row[6]),
                          .caller = row[7],
                          .device_info = row[8],
                          .ip = row[9],
                          .amr = row[10]});
    }
    return sessions;
  }

  void DeleteSubject(const SubjectKey& subject) override {
    Change(absl::StrCat("DELETE FROM subjects", Where(subject)), 1);
  }
  void DeleteCode(const SubjectKey& subject, CodeTable table, Purpose purpose) override {
    Change(absl::StrCat("DELETE FROM ", NameOfTable(table), Where(subject), " AND purpose = '",
                        NameOf(purpose), "'"),
           1);
  }
  // Word for word what admins run.
  void DeleteExpiredSignupOtps() override {
    database_.Query("DELETE FROM signup_otps WHERE expires_at <= NOW();");
  }
  void SetAccount(const UserId& user, bool disabled, int token_version) override {
    Change(absl::Substitute("UPDATE users SET status = '$0', token_version = $1 WHERE id = $2",
                            disabled ? "disabled" : "active", token_version, Bytea(user.bytes)),
           1);
  }
  void SetSession(const UserId& user, const SessionId& session, int generation,
                  bool revoked) override {
    Change(absl::Substitute("UPDATE sessions SET generation = $0, revoked_at = $1"
                            " WHERE user_id = $2 AND id = $3",
                            generation, revoked ? "now()" : "NULL", Bytea(user.bytes),
                            Bytea(session.bytes)),
           1);
  }
  void DeleteSession(const UserId& user, const SessionId& session) override {
    Change(absl::Substitute("DELETE FROM sessions WHERE user_id = $0 AND id = $1",
                            Bytea(user.bytes), Bytea(session.bytes)),
           1);
  }
  void SetNotBefore(absl::Time at) override {
    Change(absl::Substitute("INSERT INTO not_before VALUES ('sessions', to_timestamp(0) +"
                            " $0 * interval '1 microsecond')"
                            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
                            absl::ToUnixMicros(at)),
           1);
  }

 private:
  pg::ConnectionOptions Options() const {
    return {.connection_string = database_.Socket(support::PgRole::kApp)};
  }

  // Runs a statement that must change `rows` rows.
  void Change(const std::string& sql, size_t rows) {
    EXPECT_EQ(database_.Query(absl::StrCat(sql, " RETURNING 1")).size(), rows);
  }

  const support::TestDatabase& database_ = EmptyDatabase();
  SystemClock clock_;
};

std::unique_ptr<conformance::StorageWorld> MakeWorld() { return std::make_unique<PgWorld>(); }

const auto kKinds =
    ::testing::Values(conformance::StorageWorldKind{"Plain", MakeWorld},
                      conformance::StorageWorldKind{"BehindFaults", MakeWorld, 0.3});
INSTANTIATE_TEST_SUITE_P(Postgres, StorageContract, kKinds, conformance::NameOfStorage);
INSTANTIATE_TEST_SUITE_P(Postgres, SessionContract, kKinds, conformance::NameOfStorage);

}  // namespace
}  // namespace otpgate::storage::postgres
