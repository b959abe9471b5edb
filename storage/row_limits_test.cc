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

namespace otpgate {
namespace {

using testing::ConstraintsHeldByTypes;
using testing::SeededRandom;

Change<Bucket> FullBucket() {
  return {"ip:203.0.113.7/32", 0, 7, {}, {testing::kSampleTime, testing::kSampleTime}, {}};
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
  SeededRandom random(1);
  EXPECT_OK(Check(testing::FullChange(testing::SampleSubject(1), random)));
  EXPECT_OK(Check(FullBucket()));
  for (const auto& [name, change] : testing::ExtremeChanges(random)) {
    EXPECT_OK(Check(change)) << name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenSubject) {
  SeededRandom random(1);
  for (const auto& broken : testing::BrokenSubjects()) {
    Change<Subject> change = testing::FullChange(testing::SampleSubject(1), random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenBucket) {
  for (const auto& broken : testing::BrokenBuckets()) {
    Change<Bucket> change = FullBucket();
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

// A session and an account as a login leaves them.
Change<Session> SampleRotation(Random& random) {
  Change<Session> change;
  change.key = {testing::FreshId<UserId>(random), testing::FreshId<SessionId>(random)};
  change.version = 1;
  change.state.key_id = "r1";
  change.state.idle_expires_at = testing::kSampleTime;
  return change;
}
Change<User> SampleUser(Random& random) {
  Change<User> change;
  change.key = change.state.account.id = testing::FreshId<UserId>(random);
  change.version = 1;
  return change;
}

TEST(RowLimitsTest, RefusesEachBrokenSession) {
  SeededRandom random(1);
  EXPECT_OK(Check(SampleRotation(random)));
  for (const auto& broken : testing::BrokenSessions()) {
    Change<Session> change = SampleRotation(random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, RefusesEachBrokenUser) {
  SeededRandom random(1);
  EXPECT_OK(Check(SampleUser(random)));
  for (const auto& broken : testing::BrokenUsers()) {
    Change<User> change = SampleUser(random);
    broken.edit(change);
    EXPECT_EQ(Check(change), absl::InvalidArgumentError(broken.constraint)) << broken.name;
  }
}

TEST(RowLimitsTest, EveryConstraintOfTheSchemaHasACase) {
  std::set<std::string> covered;
  for (const auto& broken : testing::BrokenSubjects()) covered.insert(broken.constraint);
  for (const auto& broken : testing::BrokenSessions()) covered.insert(broken.constraint);
  for (const auto& broken : testing::BrokenUsers()) covered.insert(broken.constraint);
  for (const auto& broken : testing::BrokenBuckets()) covered.insert(broken.constraint);
  for (const auto& held : ConstraintsHeldByTypes()) covered.insert(held.constraint);
  const std::set<std::string> schema = SchemaConstraints();
  EXPECT_GT(schema.size(), 40u);
  EXPECT_THAT(covered, ::testing::IsSupersetOf(schema));
}

TEST(RowLimitsTest, TypesHoldOnlyConstraintsThatExist) {
  std::set<std::string> held;
  for (const auto& one : ConstraintsHeldByTypes()) held.insert(one.constraint);
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
}  // namespace otpgate
