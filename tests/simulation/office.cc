#include "tests/simulation/office.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "server/domain/account_rules.h"
#include "server/engine/runner.h"
#include "storage/memory/store.h"

namespace otpgate::sim {

void Office::Send(AnyCommand command) {
  stage_.network.Send(std::move(command), {}, [](CallId, const AnyReply*) {});
}

void Office::Act() {
  const size_t what = stage_.dice.Below(12);
  if (what == 0) return SignOutEverybody();
  if (what == 11) return Send(stage_.maker.Void(stage_.dice.Of(subjects_)));
  if (what <= 2 || stage_.secrets.tokens.empty()) {
    return Send(stage_.maker.Unlock(stage_.dice.Of(subjects_)));
  }
  const UserId user = stage_.dice.Of(stage_.secrets.tokens.values()).session.user_id;
  if (what <= 5) return Send(stage_.maker.ForceLogout(user));
  Send(stage_.maker.SetDisabled(user, what <= 7));
}

void Office::SignOutEverybody() {
  const absl::Time now = stage_.clock.Now();
  database_.With([&](memory::Tables& tables) { tables.not_before = now; });
  model_.SignedOutEverybody(now);
}

void Office::InspectSomebody() {
  if (stage_.secrets.tokens.empty()) return;
  const Token& token = stage_.dice.Of(stage_.secrets.tokens.values());
  Pending<AccountRules> pending;
  pending.command = {.account = token.session,
                     .user_type = UserType::kLive,
                     .token_version = token.token_version,
                     .expires_at = absl::InfiniteFuture()};
  pending.answer = [&](absl::StatusOr<BearerReply> reply) {
    if (reply.ok()) return model_.Inspected(token.session, *reply);
    model_.Violate("a bearer could not be looked at");
  };
  PendingList<AccountRules> list;
  list.push_back(std::move(pending));
  ReadRunner<AccountRules>(std::make_unique<MemoryReader>(database_), stage_.clock)
      .Run(std::move(list));
}

void Office::OpenAll() {
  for (const SubjectKey& subject : subjects_) Send(stage_.maker.Unlock(subject));
  std::vector<UserId> users;
  database_.With([&](memory::Tables& tables) {
    for (const auto& [key, row] : tables.subjects) {
      if (!row.state.user_id.empty()) users.push_back(row.state.user_id);
    }
  });
  std::sort(users.begin(), users.end());
  for (const UserId& user : users) Send(stage_.maker.SetDisabled(user, false));
}

}  // namespace otpgate::sim
