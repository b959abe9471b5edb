#include <algorithm>

#include "storage/conformance/storage_fixture.h"

// The rows that a winner inserts, and the rows that a load joins to the subject.
namespace otpgate::storage::conformance {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(StorageContract, G6_ANewOutcomeReplacesTheRecordedOne) {
  Change<Subject> first = FullChange(SampleSubject(1), random_);
  Win(first);
  Change<Subject> next = NextChange(first.key, Load(first.key), random_);
  RequestRecord& record = next.effects.requests[0];
  record.key = first.effects.requests[0].key;
  record.reason = -1;
  record.otp_id = {};
  record.expires_at.reset();
  record.attempts_remaining.reset();
  record.new_user = false;
  record.created_at = kSampleTime + absl::Hours(25);
  next.state.requests = {{record, std::nullopt}};
  const auto rows = world().CountRows();
  Win(next);
  EXPECT_EQ(world().CountRows(), rows);
  ExpectSame(LoadBack(next).state, next.state, "replaced");
}

TEST_P(StorageContract, G4_ARecordBelongsToItsSubjectCallerAndMethod) {
  Change<Subject> change = FullChange(SampleSubject(1), random_);
  Win(change);
  Change<Subject> other = SmallChange(SampleSubject(2), random_);
  Win(other);
  const RequestKey mine = change.effects.requests[0].key;
  EXPECT_THAT(Load(change.key, {mine}).state.requests, SizeIs(1));
  EXPECT_THAT(Load(other.key, {mine}).state.requests, IsEmpty());
  RequestKey caller = mine;
  caller.caller += "2";
  RequestKey method = mine;
  method.method = "RequestOtp";
  RequestKey id = mine;
  id.request_id[0] ^= 1;
  EXPECT_THAT(Load(change.key, {caller, method, id}).state.requests, IsEmpty());
}

TEST_P(StorageContract, ARecordIsReadWithItsSession) {
  Change<Subject> change = FullChange(SampleSubject(1), random_);
  RequestRecord& stray = change.effects.requests[1];
  stray.user_id = change.state.user_id;
  stray.session_id = FreshId<SessionId>(random_);
  change.state.requests[1].first = stray;
  Win(change);
  ExpectSame(LoadBack(change).state, change.state, "inserted, and a session that is not there");

  auto& session = change.state.requests[0].second;
  const RequestRecord& record = change.effects.requests[0];
  session->generation = 3;
  world().SetSession(record.user_id, record.session_id, 3, /*revoked=*/false);
  ExpectSame(LoadBack(change).state, change.state, "rotated");
  session->revoked = true;
  world().SetSession(record.user_id, record.session_id, 3, /*revoked=*/true);
  ExpectSame(LoadBack(change).state, change.state, "revoked");
}

TEST_P(StorageContract, AnIdentityIsUpserted) {
  Change<Subject> next = Stored(SampleSubject(1));
  const Identity& old = next.before.identities.at(0);
  next.effects.new_identity = Identity{old.user_id, next.key, old.verified_at + absl::Seconds(1)};
  next.state.identities = {*next.effects.new_identity};
  Win(next);
  ExpectSame(LoadBack(next).state, next.state, "identity");
  EXPECT_EQ(world().CountRows()["identities"], 1);
}

TEST_P(StorageContract, AnAccountIsReadAsItIsNow) {
  Change<Subject> next = Stored(SampleSubject(1));
  next.state.account->disabled = false;
  next.state.account->token_version = 8;
  world().SetAccount(next.state.user_id, /*disabled=*/false, 8);
  ExpectSame(
      Load(next.key).state,
      [&] {
        SubjectState state = next.state;
        state.requests.clear();
        return state;
      }(),
      "account");
  // A write of the subject does not change the account.
  Win(next);
  EXPECT_TRUE(Load(next.key).state.account == next.state.account);
}

TEST_P(StorageContract, AnAccountViewIsAccountSessionAndIdentities) {
  Change<Subject> change = FullChange(SampleSubject(1), random_);
  Win(change);
  const UserId& user = change.state.user_id;
  const SessionId& session = change.effects.sessions[0].id;
  AccountViewState view = LoadAccount(user, session);
  EXPECT_TRUE(view.account == change.state.account);
  EXPECT_TRUE(view.session == change.state.requests[0].second);
  EXPECT_TRUE(view.identities == change.state.identities);

  world().SetAccount(user, /*disabled=*/false, 9);
  world().SetSession(user, session, 2, /*revoked=*/true);
  view = LoadAccount(user, session);
  EXPECT_FALSE(view.account->disabled);
  EXPECT_EQ(view.account->token_version, 9);
  EXPECT_EQ(view.session->generation, 2);
  EXPECT_TRUE(view.session->revoked);
  EXPECT_FALSE(LoadAccount(user, FreshId<SessionId>(random_)).session);
  EXPECT_FALSE(LoadAccount(FreshId<UserId>(random_), session).session);
}

// A subject of `user` that succeeded at `success`.
Change<Subject> Sibling(int n, const UserId& user, std::optional<absl::Time> success,
                        Random& random) {
  Change<Subject> change = SmallChange(SampleSubject(n), random);
  change.state.user_id = user;
  change.state.last_success_at = success;
  change.effects.new_identity = Identity{user, change.key, kSampleTime};
  return change;
}

TEST_P(StorageContract, D6_ADisabledSubjectLearnsOfSuccessElsewhereInItsAccount) {
  Change<Subject> disabled = FullChange(SampleSubject(1), random_);
  disabled.state.last_success_at = kSampleTime + absl::Hours(9);
  Win(disabled);
  const UserId& user = disabled.state.user_id;
  EXPECT_EQ(Load(disabled.key).state.other_success_at, std::nullopt);

  std::vector<Change<Subject>> siblings = {
      Sibling(2, user, std::nullopt, random_), Sibling(3, user, kSampleTime, random_),
      Sibling(4, user, kSampleTime + absl::Microseconds(1), random_),
      Sibling(5, FreshId<UserId>(random_), kSampleTime + absl::Hours(1), random_)};
  ASSERT_OK(Write(siblings));
  const absl::Time newest = kSampleTime + absl::Microseconds(1);
  EXPECT_EQ(Load(disabled.key).state.other_success_at, newest);
  EXPECT_THAT(Load(disabled.key).state.identities, SizeIs(4));

  const auto store = NewStore<Subject>();
  const auto bare = PersistLoad<Subject>(*store, {{disabled.key, /*account=*/false, {}}});
  ASSERT_OK(bare);
  EXPECT_EQ(bare->rows[0].state.other_success_at, newest);

  // A subject that is not disabled does not get it.
  EXPECT_EQ(Load(SampleSubject(2)).state.other_success_at, std::nullopt);
}

// An id that is taken makes the store refuse the whole write.
TEST_P(StorageContract, ATakenIdIsRefused) {
  const Change<Subject> stored = FullChange(SampleSubject(1), random_);
  Change<Subject> first = stored;
  Win(first);
  const auto rows = world().CountRows();
  using Edit = std::function<void(Change<Subject>&)>;
  const std::vector<std::pair<std::string, Edit>> edits = {
      {"session", [&](auto& c) { c.effects.sessions[1] = stored.effects.sessions[0]; }},
      {"session twice", [&](auto& c) { c.effects.sessions[1] = c.effects.sessions[0]; }},
      {"message", [&](auto& c) { c.effects.messages[1].id = stored.effects.messages[0].id; }},
      {"message twice", [&](auto& c) { c.effects.messages[1].id = c.effects.messages[0].id; }},
      {"audit", [&](auto& c) { c.effects.audit[1].id = stored.effects.audit[0].id; }},
      {"audit twice", [&](auto& c) { c.effects.audit[1].id = c.effects.audit[0].id; }},
      {"account", [&](auto& c) { c.effects.new_account->id = stored.state.user_id; }},
  };
  for (const auto& [what, edit] : edits) {
    Change<Subject> next = FullChange(stored.key, random_);
    next.expected = first.version;
    next.before = first.state;
    edit(next);
    std::vector<Change<Subject>> changes = {SmallChange(SampleSubject(2), random_), next};
    EXPECT_THAT(Write(changes), support::StatusIs(absl::StatusCode::kInvalidArgument)) << what;
    EXPECT_EQ(world().CountRows(), rows) << what;
    EXPECT_EQ(Load(stored.key).version, first.version) << what;
  }
}

}  // namespace
}  // namespace otpgate::storage::conformance
