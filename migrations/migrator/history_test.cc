#include "migrations/migrator/history.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/status_matchers.h"

namespace otpgate::migrator {
namespace {

using ::otpgate::support::IsOk;
using ::otpgate::support::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Migration> Files(int count) {
  std::vector<Migration> files;
  for (int i = 1; i <= count; ++i) {
    Migration& file = files.emplace_back();
    file.version = i;
    file.name = absl::StrCat("name", i);
    file.file = absl::StrFormat("V%03d__name%d.sql", i, i);
    file.checksum = absl::StrCat("sum", i);
  }
  return files;
}

Applied Row(int version) {
  return {version, absl::StrCat("name", version), absl::StrCat("sum", version), "then"};
}

std::vector<int> PendingOf(const State& state) {
  std::vector<int> versions;
  for (const Migration& file : state.pending) versions.push_back(file.version);
  return versions;
}

TEST(HistoryTest, AFreshDatabaseHasEverythingPending) {
  const State state = Compare(Files(3), {});
  EXPECT_THAT(PendingOf(state), ElementsAre(1, 2, 3));
  EXPECT_EQ(state.version, 0);
  EXPECT_THAT(CheckNoDrift(state), support::IsOk());
}

TEST(HistoryTest, WhatIsAppliedIsNotPending) {
  const State state = Compare(Files(3), {Row(1), Row(2)});
  EXPECT_THAT(PendingOf(state), ElementsAre(3));
  EXPECT_EQ(state.version, 2);
  EXPECT_THAT(state.drift, IsEmpty());
  EXPECT_THAT(PendingOf(Compare(Files(2), {Row(1), Row(2)})), IsEmpty());
}

TEST(HistoryTest, AChangedFileIsDrift) {
  Applied changed = Row(2);
  changed.checksum = "other";
  const State state = Compare(Files(2), {Row(1), changed});
  EXPECT_THAT(state.drift, ElementsAre("V002__name2.sql was changed after it was applied"));
  EXPECT_THAT(CheckNoDrift(state), support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(HistoryTest, ARenamedFileIsDrift) {
  Applied renamed = Row(1);
  renamed.name = "other";
  EXPECT_THAT(Compare(Files(1), {renamed}).drift,
              ElementsAre("V001__other is applied, but the file is V001__name1.sql"));
}

TEST(HistoryTest, AVersionWithoutFileIsDrift) {
  EXPECT_THAT(Compare(Files(1), {Row(1), Row(2)}).drift,
              ElementsAre("V002__name2 is applied, but there is no such file here"));
}

TEST(HistoryTest, AGapIsDrift) {
  const State state = Compare(Files(3), {Row(1), Row(3)});
  EXPECT_THAT(state.drift, ElementsAre("V002__name2.sql is not applied, but a later one is"));
  EXPECT_EQ(state.version, 3);
}

TEST(HistoryTest, AllDriftIsToldAtOnce) {
  Applied changed = Row(1);
  changed.checksum = "other";
  const absl::Status status = CheckNoDrift(Compare(Files(2), {changed, Row(3)}));
  EXPECT_THAT(std::string(status.message()), HasSubstr("V001"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("V002"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("V003"));
}

}  // namespace
}  // namespace otpgate::migrator
