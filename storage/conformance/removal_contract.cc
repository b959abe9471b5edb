#include <algorithm>

#include "storage/conformance/storage_fixture.h"

// Rows that were removed between load and write, and code rows that did not change.
namespace otpgate::storage::conformance {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Code* Find(SubjectState& state, CodeTable table, Purpose purpose) {
  const auto code = std::find_if(state.codes.begin(), state.codes.end(), [&](const Code& one) {
    return one.table == table && one.purpose == purpose;
  });
  return code == state.codes.end() ? nullptr : &*code;
}

TEST_P(StorageContract, ASubjectRemovedSinceTheLoadIsWrittenWhole) {
  Change<Subject> next = Stored(SampleSubject(1));
  next.state.failures = 3;
  world().DeleteSubject(next.key);
  Win(next);
  const Row<Subject> row = LoadBack(next);
  EXPECT_EQ(row.version, next.version);
  ExpectSame(row.state, next.state, "made again");
}

TEST_P(StorageContract, WhatARemovedSubjectOwnedDoesNotCount) {
  const Change<Subject> next = Stored(SampleSubject(1));
  world().DeleteSubject(next.key);
  const Row<Subject> row = Load(next.key);
  EXPECT_EQ(row.version, 0);
  ExpectSame(row.state, SubjectState{}, "removed");

  // A new subject overwrites the codes that were left of the removed one.
  Change<Subject> anew = SmallChange(next.key, random_);
  for (const Code& old : next.before.codes) {
    anew.state.codes.push_back(SampleCode(old.table, old.purpose, random_));
  }
  Win(anew);
  ExpectSame(LoadBack(anew).state, anew.state, "anew");
}

TEST_P(StorageContract, AChangedCodeThatWasRemovedIsWrittenWhole) {
  for (const auto& [table, purpose] : {std::pair{CodeTable::kSignupOtps, Purpose::kLogin},
                                       {CodeTable::kOtpSessions, Purpose::kVerifyPhone}}) {
    Change<Subject> next = Stored(SampleSubject(static_cast<int>(table)));
    ++Find(next.state, table, purpose)->attempts;
    world().DeleteCode(next.key, table, purpose);
    Win(next);
    ExpectSame(LoadBack(next).state, next.state, "made again");
  }
}

TEST_P(StorageContract, AnUnchangedCodeIsNotWritten) {
  Change<Subject> next = Stored(SampleSubject(1));
  ++Find(next.state, CodeTable::kOtpSessions, Purpose::kLogin)->attempts;
  world().DeleteCode(next.key, CodeTable::kSignupOtps, Purpose::kLogin);
  world().DeleteCode(next.key, CodeTable::kOtpSessions, Purpose::kVerifyEmail);
  Win(next);
  SubjectState stored = LoadBack(next).state;
  EXPECT_THAT(stored.codes, SizeIs(3));
  EXPECT_EQ(Find(stored, CodeTable::kSignupOtps, Purpose::kLogin), nullptr);
  EXPECT_EQ(Find(stored, CodeTable::kOtpSessions, Purpose::kVerifyEmail), nullptr);
  ASSERT_NE(Find(stored, CodeTable::kOtpSessions, Purpose::kLogin), nullptr);
  EXPECT_EQ(Find(stored, CodeTable::kOtpSessions, Purpose::kLogin)->attempts, 3);
}

// An admin runs DELETE FROM signup_otps WHERE expires_at <= NOW() between load and write.
TEST_P(StorageContract, AHandRunDeleteOfExpiredCodesDoesNoHarm) {
  Change<Subject> expired = SmallChange(SampleSubject(1), random_);
  expired.state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random_)};
  expired.state.codes[0].expires_at = absl::UnixEpoch();
  Win(expired);
  Change<Subject> live = SmallChange(SampleSubject(2), random_);
  live.state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random_)};
  live.state.codes[0].expires_at = kSampleTime + absl::Hours(24 * 365 * 100);
  Win(live);

  Change<Subject> renewed = NextChange(expired.key, Load(expired.key), random_);
  renewed.state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random_)};
  Change<Subject> counted = NextChange(live.key, Load(live.key), random_);
  ++counted.state.codes[0].attempts;
  world().DeleteExpiredSignupOtps();
  EXPECT_EQ(world().CountRows()["signup_otps"], 1);
  std::vector<Change<Subject>> changes = {renewed, counted};
  ASSERT_OK(Write(changes));
  ExpectSame(LoadBack(changes[0]).state, renewed.state, "renewed");
  ExpectSame(LoadBack(changes[1]).state, counted.state, "counted");
}

TEST_P(StorageContract, AnExpiredCodeRemovedByHandStaysRemoved) {
  Change<Subject> expired = SmallChange(SampleSubject(1), random_);
  expired.state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random_)};
  expired.state.codes[0].expires_at = absl::UnixEpoch();
  Win(expired);
  Change<Subject> next = NextChange(expired.key, Load(expired.key), random_);
  next.state.failures = 1;
  world().DeleteExpiredSignupOtps();
  Win(next);
  EXPECT_EQ(Load(next.key).state.failures, 1);
  EXPECT_THAT(Load(next.key).state.codes, IsEmpty());
}

TEST_P(StorageContract, ACodeMovesToTheOtherTable) {
  Change<Subject> signup = SmallChange(SampleSubject(1), random_);
  signup.state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random_)};
  Win(signup);
  Change<Subject> next = NextChange(signup.key, Load(signup.key), random_);
  Code& voided = next.state.codes[0];
  voided.expires_at = voided.created_at;
  next.state.codes.push_back(SampleCode(CodeTable::kOtpSessions, Purpose::kLogin, random_));
  Win(next);
  ExpectSame(LoadBack(next).state, next.state, "moved");
  EXPECT_EQ(world().CountRows()["signup_otps"], 1);
  EXPECT_EQ(world().CountRows()["otp_sessions"], 1);
}

TEST_P(StorageContract, ABucketRemovedSinceTheLoadIsWrittenWhole) {
  // The change expects a row that is not there, as after a cleanup.
  Change<Bucket> change = NewBucket("b");
  change.expected = 5;
  change.state = {kSampleTime, kSampleTime};
  Win(change);
  EXPECT_TRUE(Load("b").state == change.state);
}

}  // namespace
}  // namespace otpgate::storage::conformance
