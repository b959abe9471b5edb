#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "storage/conformance/samples.h"
#include "storage/postgres/pg_bucket_store.h"
#include "storage/postgres/pg_subject_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

// The constraints of the database are those of storage/row_limits.h: each refuses the first value
// beyond its limit. The extremes of the contract are values at the limits.
namespace otpgate::storage::postgres {
namespace {

using ::testing::HasSubstr;

struct BeyondTheLine {
  std::string constraint;
  std::string table;
  std::vector<std::string> assignments;
};

std::string Bytes(const char* column, int size) {
  return absl::StrCat(column, " = decode(repeat('00', ", size, "), 'hex')");
}
std::string Text(const char* column, int size) {
  return absl::StrCat(column, " = repeat('x', ", size, ")");
}
std::vector<std::string> NotAnId(const char* column) {
  return {Bytes(column, 0), Bytes(column, 23), Bytes(column, 25)};
}

void AddKey(const std::string& table, std::vector<BeyondTheLine>& all) {
  all.push_back({absl::StrCat(table, "_identifier_length"),
                 table,
                 {Text("identifier", 2), Text("identifier", 255),
                  "identifier = repeat('\u00e9', 127) || 'x'"}});
  if (table == "outbox") return;
  all.push_back(
      {absl::StrCat(table, "_user_type_known"), table, {"user_type = 'LIVE'", "user_type = ''"}});
}

void AddCodes(const std::string& table, std::vector<BeyondTheLine>& all) {
  AddKey(table, all);
  all.push_back({absl::StrCat(table, "_purpose_known"), table, {"purpose = 'change_identifier'"}});
  all.push_back({absl::StrCat(table, "_id_length"), table, NotAnId("id")});
  all.push_back({absl::StrCat(table, "_code_mac_length"),
                 table,
                 {Bytes("code_mac", 31), Bytes("code_mac", 33)}});
  all.push_back(
      {absl::StrCat(table, "_key_id_length"), table, {Text("key_id", 0), Text("key_id", 17)}});
  all.push_back({absl::StrCat(table, "_attempts_range"), table, {"attempts = -1", "attempts = 6"}});
  all.push_back(
      {absl::StrCat(table, "_verified_at_matches"),
       table,
       {"is_verified = true, verified_at = NULL", "is_verified = false, verified_at = now()"}});
  all.push_back({absl::StrCat(table, "_user_id_length"), table, NotAnId("user_id")});
}

void AddAccounts(std::vector<BeyondTheLine>& all) {
  all.push_back({"users_id_length", "users", NotAnId("id")});
  all.push_back({"users_version_not_zero", "users", {"version = 0"}});
  all.push_back({"users_user_type_known", "users", {"user_type = 'test'"}});
  all.push_back({"users_status_known", "users", {"status = 'locked'"}});
  all.push_back({"users_token_version_range", "users", {"token_version = -1"}});
  AddKey("identities", all);
  all.push_back({"identities_user_id_length", "identities", NotAnId("user_id")});
}

void AddSessions(std::vector<BeyondTheLine>& all) {
  const std::string table = "sessions";
  all.push_back({"sessions_user_id_length", table, NotAnId("user_id")});
  all.push_back({"sessions_id_length", table, NotAnId("id")});
  all.push_back({"sessions_version_not_zero", table, {"version = 0"}});
  all.push_back({"sessions_generation_range", table, {"generation = -1"}});
  all.push_back({"sessions_key_id_length", table, {Text("key_id", 0), Text("key_id", 17)}});
  all.push_back({"sessions_device_info_length", table, {Text("device_info", 513)}});
  all.push_back({"sessions_amr_known", table, {"amr = 'pwd'", "amr = ''"}});
  all.push_back({"sessions_rotated_by_length",
                 table,
                 {Bytes("rotated_by", 0), Bytes("rotated_by", 15), Bytes("rotated_by", 17),
                  Bytes("rotated_by", 80)}});
  all.push_back({"sessions_revoked_reason_known", table, {"revoked_reason = 'because'"}});
}

void AddEffects(std::vector<BeyondTheLine>& all) {
  all.push_back({"requests_scope_length", "requests", {Text("scope", 2), Text("scope", 301)}});
  all.push_back({"requests_request_id_length",
                 "requests",
                 {Bytes("request_id", 15), Bytes("request_id", 17)}});
  all.push_back({"requests_fingerprint_length",
                 "requests",
                 {Bytes("fingerprint", 33), Bytes("fingerprint", 50)}});
  for (const char* table : {"requests", "audit_events"}) {
    for (const char* id : {"otp_id", "user_id", "session_id"}) {
      all.push_back({absl::StrCat(table, "_", id, "_length"), table, NotAnId(id)});
    }
  }
  AddKey("outbox", all);
  all.push_back({"outbox_id_length", "outbox", NotAnId("id")});
  all.push_back({"outbox_otp_id_length", "outbox", NotAnId("otp_id")});
  all.push_back(
      {"outbox_code_mac_length", "outbox", {Bytes("code_mac", 31), Bytes("code_mac", 33)}});
  all.push_back({"outbox_code_table_known", "outbox", {"code_table = 'codes'"}});
  all.push_back({"outbox_channel_known", "outbox", {"channel = 'fax'"}});
  all.push_back({"outbox_state_known", "outbox", {"state = 'leased', sealed = NULL"}});
  all.push_back({"outbox_sealed_while_open",
                 "outbox",
                 {"state = 'pending', sealed = NULL", "state = 'suppressed', sealed = '\\x00'"}});
  all.push_back({"audit_events_id_length", "audit_events", NotAnId("id")});
  all.push_back({"limits_bucket_length", "limits", {Text("bucket", 0), Text("bucket", 101)}});
  all.push_back({"limits_version_not_zero", "limits", {"version = 0"}});
  all.push_back({"job_leases_name_length", "job_leases", {Text("name", 0), Text("name", 65)}});
  all.push_back(
      {"job_leases_holder_length", "job_leases", {Text("holder", 0), Text("holder", 201)}});
  all.push_back({"job_leases_result_length", "job_leases", {Text("result", 2001)}});
}

std::vector<BeyondTheLine> AllLines() {
  std::vector<BeyondTheLine> all;
  AddKey("subjects", all);
  all.push_back({"subjects_version_not_zero", "subjects", {"version = 0"}});
  all.push_back({"subjects_user_id_length", "subjects", NotAnId("user_id")});
  all.push_back({"subjects_failures_range", "subjects", {"failures = -1", "failures = 101"}});
  AddCodes("signup_otps", all);
  AddCodes("otp_sessions", all);
  AddAccounts(all);
  AddSessions(all);
  AddEffects(all);
  return all;
}

class ConstraintsTest : public ::testing::Test {
 protected:
  ConstraintsTest() {
    const pg::ConnectionOptions options{.connection_string =
                                            database_.Socket(support::PgRole::kApp)};
    const SystemClock clock;
    support::SeededRandom random(1);
    PgSubjectStore subjects(options, clock);
    EXPECT_OK(subjects.Write({conformance::FullChange(conformance::SampleSubject(1), random)},
                             absl::InfiniteFuture()));
    Change<Bucket> bucket;
    bucket.key = "b";
    bucket.version = 1;
    EXPECT_OK(PgBucketStore(options, clock).Write({bucket}, absl::InfiniteFuture()));
    EXPECT_OK(
        database_.Try("INSERT INTO job_leases VALUES ('a', 'b', now(), now(), now(), NULL, '')"));
  }

  const support::TestDatabase database_;
};

TEST_F(ConstraintsTest, TheFirstValueBeyondEachLineIsRefused) {
  for (const BeyondTheLine& line : AllLines()) {
    for (const std::string& assignment : line.assignments) {
      const absl::Status status =
          database_.Try(absl::StrCat("UPDATE ", line.table, " SET ", assignment));
      EXPECT_THAT(std::string(status.message()),
                  HasSubstr(absl::StrCat("check constraint \"", line.constraint, "\"")))
          << line.table << " SET " << assignment;
    }
  }
}

TEST_F(ConstraintsTest, EveryConstraintOfTheDatabaseHasALine) {
  // No store can break this constraint.
  std::set<std::string> tested = {"not_before_name_known"};
  for (const BeyondTheLine& line : AllLines()) tested.insert(line.constraint);
  std::set<std::string> there;
  for (const auto& row : database_.Query("SELECT conname FROM pg_constraint WHERE contype = 'c'"
                                         " AND connamespace = 'public'::regnamespace")) {
    there.insert(row.at(0));
  }
  EXPECT_THAT(there, ::testing::IsSupersetOf(tested));
  for (const std::string& name : there) {
    const bool ours = tested.contains(name) || name.rfind("schema_migrations", 0) == 0;
    EXPECT_TRUE(ours) << name;
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
