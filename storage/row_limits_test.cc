#include "storage/row_limits.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "storage/conformance/broken_rows.h"
#include "storage/conformance/samples.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::storage {
namespace {

using conformance::ConstraintsHeldByTypes;
using support::SeededRandom;

Change<Bucket> FullBucket() {
  return {"ip:203.0.113.7/32", 0, 7, {}, {conformance::kSampleTime, conformance::kSampleTime}, {}};
}

// The CHECK constraints of every migration.
std::set<std::string> SchemaConstraints() {
  std::set<std::string> names;
  const std::regex check(R"(CONSTRAINT\s+(\w+)\s+CHECK)");
  for (const auto& file : std::filesystem::directory_iterator(OTPGATE_MIGRATIONS)) {
    std::stringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const std::string sql = text.str();
    for (std::sregex_iterator it(sql.begin(), sql.end(), check), end; it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

TEST(RowLimitsTest, TakesFullAndExtremeRows) {
  support::SeededRandom random(1);
  EXPECT_OK(Check(conformance::FullChange(conformance::SampleSubject(1), random)));
  EXPECT_OK(Check(FullBucket()));
  for (const auto& [name, change] : conformance::ExtremeChanges(random)) {
    EXPECT_OK(Check(change)) << name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenSubject) {
  support::SeededRandom random(1);
  for (const auto& broken : conformance::BrokenSubjects()) {
    Change<Subject> change = conformance::FullChange(conformance::SampleSubject(1), random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenBucket) {
  for (const auto& broken : conformance::BrokenBuckets()) {
    Change<Bucket> change = FullBucket();
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

// A session and an account as a login leaves them.
Change<Session> SampleRotation(Random& random) {
  Change<Session> change;
  change.key = {conformance::FreshId<UserId>(random), conformance::FreshId<SessionId>(random)};
  change.version = 1;
  change.state.key_id = "r1";
  change.state.idle_expires_at = conformance::kSampleTime;
  return change;
}
Change<User> SampleUser(Random& random) {
  Change<User> change;
  change.key = change.state.account.id = conformance::FreshId<UserId>(random);
  change.version = 1;
  return change;
}

TEST(RowLimitsTest, RefusesEachBrokenSession) {
  support::SeededRandom random(1);
  EXPECT_OK(Check(SampleRotation(random)));
  for (const auto& broken : conformance::BrokenSessions()) {
    Change<Session> change = SampleRotation(random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenUser) {
  support::SeededRandom random(1);
  EXPECT_OK(Check(SampleUser(random)));
  for (const auto& broken : conformance::BrokenUsers()) {
    Change<User> change = SampleUser(random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, EveryConstraintOfTheSchemaHasACase) {
  std::set<std::string> covered;
  for (const auto& broken : conformance::BrokenSubjects()) covered.insert(broken.constraint);
  for (const auto& broken : conformance::BrokenSessions()) covered.insert(broken.constraint);
  for (const auto& broken : conformance::BrokenUsers()) covered.insert(broken.constraint);
  for (const auto& broken : conformance::BrokenBuckets()) covered.insert(broken.constraint);
  for (const auto& held : conformance::ConstraintsHeldByTypes()) covered.insert(held.constraint);
  const std::set<std::string> schema = SchemaConstraints();
  EXPECT_GT(schema.size(), 40u);
  EXPECT_THAT(covered, ::testing::IsSupersetOf(schema));
}

TEST(RowLimitsTest, TypesHoldOnlyConstraintsThatExist) {
  std::set<std::string> held;
  for (const auto& one : conformance::ConstraintsHeldByTypes()) held.insert(one.constraint);
  EXPECT_THAT(held, ::testing::IsSubsetOf(SchemaConstraints()));
}

TEST(RowLimitsTest, OneWriteHasDifferentKeysAndVersions) {
  const Change<Bucket> a = FullBucket();
  Change<Bucket> b = a;
  b.key = "ip:203.0.113.8/32";
  EXPECT_EQ(CheckWrite<Bucket>({a, b}), absl::InvalidArgumentError("write_version_unique"));
  b.version = 8;
  EXPECT_OK(CheckWrite<Bucket>({a, b}));
  b.key = a.key;
  EXPECT_EQ(CheckWrite<Bucket>({a, b}), absl::InvalidArgumentError("write_key_unique"));
}

}  // namespace
}  // namespace otpgate::storage
