#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "storage/postgres/guarded_write.h"
#include "storage/postgres/subject_write.h"
#include "tests/support/pg_store_fixture.h"

// Every condition of the guarded write is needed: without it the write of a loser changes rows, and
// these tests notice.
namespace otpgate::storage::postgres {
namespace {

constexpr char kGuard[] = " WHERE s.version = excluded.previous_version";
constexpr char kOwned[] = " WHERE (i.owner IN (SELECT version FROM won)) IS TRUE";
constexpr const char* kTables[] = {"subjects", "signup_otps", "otp_sessions",
                                   "users",    "identities",  "sessions",
                                   "outbox",   "requests",    "audit_events"};

std::vector<size_t> PlacesOf(const std::string& sql, const std::string& text) {
  std::vector<size_t> places;
  for (size_t at = sql.find(text); at != std::string::npos; at = sql.find(text, at + 1)) {
    places.push_back(at);
  }
  return places;
}

class GuardsTest : public support::PgTest {
 protected:
  std::string Contents() const {
    std::vector<std::string> digests;
    for (const char* table : kTables) {
      digests.push_back(absl::StrCat("(SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ",
                                     table, " AS t)"));
    }
    return database_.Value(
        absl::StrCat("SELECT concat_ws(' ', ", absl::StrJoin(digests, ", "), ")"));
  }

  absl::StatusOr<std::vector<Version>> Write(const Change<Subject>& change,
                                             const std::string& sql) {
    SubjectWrite write;
    write.Fill({&change, 1});
    return WriteGuarded(connection_, {absl::StrCat("mutant_", ++statements_), sql}, write.params(),
                        LoadedClock(clock_), absl::InfiniteFuture());
  }

  // True if a change with a stale version, written with `sql`, fails, wins or changes any row.
  bool ALoserIsNoticed(const std::string& sql) {
    const SubjectKey key = conformance::SampleSubject(++subjects_);
    EXPECT_OK(Write(conformance::FullChange(key, random_), whole_));
    const std::string before = Contents();
    Change<Subject> late = conformance::FullChange(key, random_);
    late.expected = conformance::FreshVersion(random_);
    const auto won = Write(late, sql);
    EXPECT_OK(won);
    return !won.ok() || !won->empty() || Contents() != before;
  }

  const std::string whole_ = SubjectWrite().whole().sql;
  StoreConnection connection_{Options()};
  int subjects_ = 0;
  int statements_ = 0;
};

TEST_F(GuardsTest, I1_ALoserLeavesNothing) { EXPECT_FALSE(ALoserIsNoticed(whole_)); }

TEST_F(GuardsTest, I1_WithoutTheGuardALoserWins) {
  const std::vector<size_t> places = PlacesOf(whole_, kGuard);
  ASSERT_EQ(places.size(), 1u);
  std::string mutant = whole_;
  EXPECT_TRUE(ALoserIsNoticed(mutant.erase(places[0], sizeof kGuard - 1)));
}

TEST_F(GuardsTest, I1_WithoutItsOwnersGuardARowOfALoserIsWritten) {
  const std::vector<size_t> places = PlacesOf(whole_, kOwned);
  ASSERT_EQ(places.size(), std::size(kTables) - 1);
  for (size_t place : places) {
    std::string mutant = whole_;
    mutant.replace(place, sizeof kOwned - 1, " WHERE TRUE ");
    SCOPED_TRACE(whole_.substr(place > 200 ? place - 200 : 0, 200));
    EXPECT_TRUE(ALoserIsNoticed(mutant));
  }
}

}  // namespace
}  // namespace otpgate::storage::postgres
