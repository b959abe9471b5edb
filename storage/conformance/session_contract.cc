#include <algorithm>

#include "storage/conformance/broken_rows.h"
#include "storage/conformance/session_fixture.h"

// Sessions and accounts: inserted with a subject, then changed under their own guards.
namespace otpgate::storage::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AuditEvent SampleEvent(Random& random) {
  return {.id = FreshId<AuditId>(random),
          .event = "SESSION_REVOKED",
          .at = kSampleTime,
          .caller = "app",
          .ip = "203.0.113.7",
          .detail = "logout",
          .otp_id = {},
          .user_id = FreshId<UserId>(random),
          .session_id = FreshId<SessionId>(random)};
}

TEST_P(SessionContract, ASessionLoadsAsItWasInserted) {
  const SignedIn one = SignIn(1);
  const Row<Session> row = LoadOne<Session>(one.key());
  EXPECT_NE(row.version, 0);
  const SessionState& state = row.state;
  EXPECT_EQ(state.key_id, one.session.key_id);
  EXPECT_EQ(state.generation, 0);
  EXPECT_EQ(state.token_version, one.session.token_version);
  EXPECT_EQ(state.created_at, one.session.created_at);
  EXPECT_EQ(state.idle_expires_at, one.session.idle_expires_at);
  EXPECT_EQ(state.absolute_expires_at, one.session.absolute_expires_at);
  EXPECT_EQ(state.caller, one.session.caller);
  EXPECT_EQ(state.amr, one.session.amr);
  EXPECT_FALSE(state.rotated_at || state.revoked_at || state.not_before);
  EXPECT_TRUE(state.account == one.account);
  EXPECT_EQ(LoadOne<User>(one.session.user_id).state.account, one.account);
}

TEST_P(SessionContract, WhatIsNotThereIsEmptyAndCannotBeWritten) {
  const SignedIn one = SignIn(1);
  const AccountKey other{one.session.user_id, FreshId<SessionId>(random_)};
  EXPECT_EQ(LoadOne<Session>(other).version, 0);
  EXPECT_TRUE(LoadOne<Session>(other).state == SessionState());
  Change<Session> session = Next<Session>(one.key());
  session.key = other;
  session.expected = 0;
  EXPECT_EQ(WriteOne(session), Fate::kLost);
  EXPECT_EQ(LoadOne<Session>(other).version, 0);

  Change<User> user = Next<User>(one.session.user_id);
  user.key = user.state.account.id = FreshId<UserId>(random_);
  user.expected = 0;
  EXPECT_EQ(WriteOne(user), Fate::kLost);
  EXPECT_EQ(LoadOne<User>(user.key).version, 0);
}

TEST_P(SessionContract, ARotationLoadsEqual) {
  const SignedIn one = SignIn(1);
  Change<Session> change = Next<Session>(one.key());
  change.state.generation = 7;
  change.state.key_id = "r2";
  change.state.idle_expires_at += absl::Hours(1);
  change.state.rotated_at = kSampleTime;
  change.state.rotated_by = FreshBytes(random_, 64);
  ASSERT_EQ(WriteOne(change), Fate::kWon);
  const Row<Session> row = LoadOne<Session>(one.key());
  EXPECT_EQ(row.version, change.version);
  EXPECT_EQ(row.previous, change.expected);
  EXPECT_TRUE(row.state == change.state);
  EXPECT_THAT(world().AuditOf(one.session.user_id), IsEmpty());
}

TEST_P(SessionContract, ARevocationIsWrittenWithItsEvent) {
  const SignedIn one = SignIn(1);
  Change<Session> change = Next<Session>(one.key());
  change.state.revoked_at = kSampleTime;
  change.state.revoked_reason = RevokedReason::kLogout;
  change.effects.audit.push_back(SampleEvent(random_));
  ASSERT_EQ(WriteOne(change), Fate::kWon);
  EXPECT_TRUE(LoadOne<Session>(one.key()).state == change.state);
  EXPECT_THAT(world().AuditOf(one.session.user_id), ElementsAre(change.effects.audit[0]));
  EXPECT_TRUE(LoadAccount(one.session.user_id, one.session.id).session->revoked);
}

TEST_P(SessionContract, OfTwoWithOneExpectationTheFirstWins) {
  const SignedIn one = SignIn(1);
  const SignedIn two = SignIn(2);
  Change<Session> first = Next<Session>(one.key());
  first.state.generation = 1;
  Change<Session> second = Next<Session>(one.key());
  second.state.generation = 2;
  second.effects.audit.push_back(SampleEvent(random_));
  Change<Session> beside = Next<Session>(two.key());
  beside.state.generation = 3;
  ASSERT_EQ(WriteOne(first), Fate::kWon);
  std::vector<Change<Session>> changes = {second, beside};
  EXPECT_THAT(WriteAll(changes), ElementsAre(Fate::kLost, Fate::kWon));
  EXPECT_EQ(LoadOne<Session>(one.key()).state.generation, 1);
  EXPECT_EQ(LoadOne<Session>(two.key()).state.generation, 3);
  EXPECT_THAT(world().AuditOf(one.session.user_id), IsEmpty());
}

TEST_P(SessionContract, F5_ARemovedSessionDoesNotComeBack) {
  const SignedIn one = SignIn(1);
  Change<Session> change = Next<Session>(one.key());
  change.state.generation = 1;
  world().DeleteSession(one.session.user_id, one.session.id);
  EXPECT_EQ(WriteOne(change), Fate::kLost);
  EXPECT_EQ(LoadOne<Session>(one.key()).version, 0);
}

TEST_P(SessionContract, AnAccountIsDisabledWithItsEvent) {
  const SignedIn one = SignIn(1);
  Change<User> change = Next<User>(one.session.user_id);
  change.state.account.disabled = true;
  ++change.state.account.token_version;
  change.effects.audit.push_back(SampleEvent(random_));
  ASSERT_EQ(WriteOne(change), Fate::kWon);
  const Row<User> row = LoadOne<User>(one.session.user_id);
  EXPECT_EQ(row.version, change.version);
  EXPECT_EQ(row.previous, change.expected);
  EXPECT_TRUE(row.state == change.state);
  EXPECT_TRUE(LoadOne<Session>(one.key()).state.account == change.state.account);
  EXPECT_THAT(world().AuditOf(one.session.user_id), ElementsAre(change.effects.audit[0]));
  Change<User> late = change;
  late.version = FreshVersion(random_);
  late.effects.audit[0].id = FreshId<AuditId>(random_);
  EXPECT_EQ(WriteOne(late), Fate::kLost);
}

TEST_P(SessionContract, TheGlobalSignOutIsReadAlong) {
  const SignedIn one = SignIn(1);
  world().SetNotBefore(kSampleTime);
  EXPECT_EQ(LoadOne<Session>(one.key()).state.not_before, kSampleTime);
  EXPECT_EQ(LoadAccount(one.session.user_id, one.session.id).not_before, kSampleTime);
}

TEST_P(SessionContract, ListsWhatWasNotRevokedOldestFirst) {
  const SignedIn one = SignIn(1);
  const auto lister = world().NewSessionLists();
  const auto list = [&] {
    const auto loaded =
        PersistLoad<SessionList>(*lister, {{FreshId<UserId>(random_)}, {one.session.user_id}});
    EXPECT_OK(loaded);
    EXPECT_THAT(loaded->rows.at(0).state.sessions, IsEmpty());
    return loaded->rows.at(1).state.sessions;
  };
  const std::vector<SessionInfo> before = list();
  ASSERT_FALSE(before.empty());
  for (size_t i = 1; i < before.size(); ++i) EXPECT_LT(before[i - 1].id, before[i].id);
  const auto found = std::find_if(before.begin(), before.end(), [&](const SessionInfo& info) {
    return info.id == one.session.id;
  });
  ASSERT_NE(found, before.end());
  EXPECT_EQ(found->device_info, one.session.device_info);
  EXPECT_EQ(found->ip, one.session.ip);
  EXPECT_EQ(found->last_seen_at, one.session.created_at);

  Change<Session> change = Next<Session>(one.key());
  change.state.rotated_at = kSampleTime;
  ASSERT_EQ(WriteOne(change), Fate::kWon);
  const auto rotated = list();
  EXPECT_EQ(rotated.at(found - before.begin()).last_seen_at, kSampleTime);

  change = Next<Session>(one.key());
  change.state.revoked_at = kSampleTime;
  ASSERT_EQ(WriteOne(change), Fate::kWon);
  EXPECT_EQ(list().size(), before.size() - 1);
}

TEST_P(SessionContract, BrokenRowsAreRefused) {
  const SignedIn one = SignIn(1);
  for (const auto& broken : BrokenSessions()) {
    std::vector<Change<Session>> changes = {Next<Session>(one.key())};
    broken.edit(changes[0]);
    EXPECT_THAT(world().NewSessions()->Write(changes, absl::InfiniteFuture()),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << broken.name;
  }
  for (const auto& broken : BrokenUsers()) {
    std::vector<Change<User>> changes = {Next<User>(one.session.user_id)};
    broken.edit(changes[0]);
    EXPECT_THAT(world().NewUsers()->Write(changes, absl::InfiniteFuture()),
                support::StatusIs(absl::StatusCode::kInvalidArgument))
        << broken.name;
  }
}

}  // namespace
}  // namespace otpgate::storage::conformance
