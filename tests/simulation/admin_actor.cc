#include "tests/simulation/admin_actor.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "server/domain/account_rules.h"
#include "server/engine/runner.h"
#include "storage/memory/store.h"

namespace otpgate::simulation {

void AdminActor::Send(AnyCommand command) {
  context_.network.Send(std::move(command), {}, [](CallId, const AnyReply*) {});
}

void AdminActor::Act() {
  const size_t what = context_.choices.Below(12);
  if (what == 0) return SignOutEverybody();
  if (what == 11) return Send(context_.commands.Void(context_.choices.Of(subjects_)));
  if (what <= 2 || context_.secrets.tokens.empty()) {
    return Send(context_.commands.Unlock(context_.choices.Of(subjects_)));
  }
  const UserId user = context_.choices.Of(context_.secrets.tokens.values()).session.user_id;
  if (what <= 5) return Send(context_.commands.ForceLogout(user));
  Send(context_.commands.SetDisabled(user, what <= 7));
}

void AdminActor::SignOutEverybody() {
  const absl::Time now = context_.clock.Now();
  database_.With([&](storage::memory::Tables& tables) { tables.not_before = now; });
  model_.SignedOutEverybody(now);
}

void AdminActor::InspectToken() {
  if (context_.secrets.tokens.empty()) return;
  const Token& token = context_.choices.Of(context_.secrets.tokens.values());
  engine::Pending<domain::AccountRules> pending;
  pending.command = {.account = token.session,
                     .user_type = storage::UserType::kLive,
                     .token_version = token.token_version,
                     .expires_at = absl::InfiniteFuture()};
  pending.answer = [&](absl::StatusOr<domain::BearerReply> reply) {
    if (reply.ok()) return model_.Inspected(token.session, *reply);
    model_.Violate("an access token could not be inspected");
  };
  engine::PendingList<domain::AccountRules> list;
  list.push_back(std::move(pending));
  engine::ReadRunner<domain::AccountRules>(
      std::make_unique<storage::memory::MemoryReader>(database_), context_.clock)
      .Run(std::move(list));
}

void AdminActor::UnlockAndEnableAll() {
  for (const storage::SubjectKey& subject : subjects_) Send(context_.commands.Unlock(subject));
  std::vector<UserId> users;
  database_.With([&](storage::memory::Tables& tables) {
    for (const auto& [key, row] : tables.subjects) {
      if (!row.state.user_id.empty()) users.push_back(row.state.user_id);
    }
  });
  std::sort(users.begin(), users.end());
  for (const UserId& user : users) Send(context_.commands.SetDisabled(user, false));
}

}  // namespace otpgate::simulation
