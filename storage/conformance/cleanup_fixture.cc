#include "storage/conformance/cleanup_fixture.h"

#include <optional>

#include "tests/support/status_matchers.h"

namespace otpgate::storage::conformance {

CleanupContract::CleanupContract()
    : world_(GetParam().make()), subjects_(world_->NewSubjects()), cleaner_(world_->NewCleaner()) {}

Change<Subject> CleanupContract::Changed(int n, const Edit& edit) {
  const SubjectAsk ask{SampleSubject(n), false, {}};
  const auto loaded = subjects_->Load({&ask, 1});
  EXPECT_OK(loaded);
  if (!loaded.ok()) return {};
  Change<Subject> change{.key = ask.key,
                         .expected = loaded->rows[0].version,
                         .version = FreshVersion(random_),
                         .before = loaded->rows[0].state,
                         .state = loaded->rows[0].state,
                         .effects = {}};
  change.state.updated_at = loaded->now;
  edit(change, loaded->now);
  return change;
}

bool CleanupContract::Write(const Change<Subject>& change) {
  const auto won = subjects_->Write({&change, 1}, absl::InfiniteFuture());
  EXPECT_OK(won);
  return won.ok() && won->at(0);
}

Change<Subject> CleanupContract::Put(int n, const Edit& edit) {
  Change<Subject> change = Changed(n, edit);
  EXPECT_TRUE(Write(change));
  return change;
}

Row<Subject> CleanupContract::Load(int n) {
  const SubjectAsk ask{SampleSubject(n), false, {}};
  const auto loaded = subjects_->Load({&ask, 1});
  EXPECT_OK(loaded);
  return loaded.ok() ? loaded->rows[0] : Row<Subject>();
}

Row<Session> CleanupContract::LoadSession(const AccountKey& key) {
  const SessionAsk ask{key};
  const auto loaded = world_->NewSessions()->Load({&ask, 1});
  EXPECT_OK(loaded);
  return loaded.ok() ? loaded->rows[0] : Row<Session>();
}

int64_t CleanupContract::Clean(CleanupKind kind, int limit) {
  constexpr int kStepsMax = 10'000;
  int64_t removed = 0;
  std::optional<int64_t> cursor = 0;
  for (int i = 0; cursor && i < kStepsMax; ++i) {
    const auto step = cleaner_->Remove(kind, retention_, *cursor, limit);
    EXPECT_OK(step);
    if (!step.ok()) return removed;
    EXPECT_LE(step->removed, limit);
    EXPECT_LE(step->removed, step->removable);
    removed += step->removed;
    cursor = step->next;
  }
  EXPECT_FALSE(cursor) << "without end";
  return removed;
}

int64_t CleanupContract::CleanAll() {
  int64_t removed = 0;
  for (const CleanupKind kind : kCleanupKinds) removed += Clean(kind);
  return removed;
}

int64_t CleanupContract::CountRemovable(CleanupKind kind) {
  int64_t removable = 0;
  std::optional<int64_t> cursor = 0;
  while (cursor) {
    const auto step = cleaner_->Count(kind, retention_, *cursor);
    EXPECT_OK(step);
    if (!step.ok()) return -1;
    EXPECT_EQ(step->removed, 0);
    removable += step->removable;
    cursor = step->next;
  }
  return removable;
}

bool CleanupContract::Goes(int n, const Edit& edit) {
  Put(n, [&](Change<Subject>& change, absl::Time now) {
    change.state.updated_at = now - retention_.subjects - kAWhile;
    edit(change, now);
  });
  Clean(CleanupKind::kSubjects);
  return Load(n).version == 0;
}

Code LiveUntil(absl::Time expires_at, CodeTable table, Random& random) {
  Code code = SampleCode(table, Purpose::kLogin, random);
  code.created_at = expires_at - absl::Minutes(5);
  code.expires_at = expires_at;
  code.verified_at.reset();
  return code;
}

NewSession SignIn(Change<Subject>& change, absl::Time now, absl::Time absolute_end,
                  Random& random) {
  const UserId user = FreshId<UserId>(random);
  change.state.user_id = user;
  change.effects.new_account = Account{user, change.key.user_type, false, 0, now};
  change.effects.new_identity = Identity{user, change.key, now};
  change.effects.sessions = {{.user_id = user,
                              .id = FreshId<SessionId>(random),
                              .key_id = "refresh-1",
                              .token_version = 0,
                              .created_at = absolute_end - absl::Hours(24 * 30),
                              .idle_expires_at = absolute_end - absl::Hours(24 * 16),
                              .absolute_expires_at = absolute_end,
                              .caller = "web",
                              .device_info = "",
                              .ip = "",
                              .amr = "sms"}};
  return change.effects.sessions[0];
}

Message MessageOf(const Code& code, MessageState state, Random& random) {
  return {.id = FreshId<MessageId>(random),
          .otp_id = code.id,
          .code_mac = code.mac,
          .table = code.table,
          .purpose = code.purpose,
          .channel = Channel::kSms,
          .state = state,
          .sealed = state == MessageState::kPending ? FreshBytes(random, 90) : "",
          .created_at = code.created_at,
          .expires_at = code.expires_at};
}

}  // namespace otpgate::storage::conformance
