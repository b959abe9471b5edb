#include "tests/simulation/model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/domain/user_rules.h"

namespace otpgate::simulation {

void Model::Violate(absl::string_view what) {
  if (!violation_) violation_ = std::string(what);
}

void Model::Sent(AnyCommand command, bool hostile, bool always_sends_id) {
  ++counts_.calls;
  Call call;
  call.id = NextId();
  call.command = std::move(command);
  call.sent_commit = commits_;
  call.sent_at = clock_.Now();
  call.hostile = hostile;
  call.always_sends_id = always_sends_id;
  if (const auto* session = std::get_if<domain::SessionCommand>(&call.command);
      session != nullptr && hostile) {
    sessions_[domain::SessionRules::KeyOf(*session)].touched_by_attacker = true;
  }
  calls_.push_back(std::move(call));
}

Call* Model::CallBehind(const storage::AuditEvent& event, absl::Time sent) {
  const CallId id = CallOf(event.id);
  if (id == 0 || id > calls_.size()) {
    Violate("an effect nobody asked for");
    return nullptr;
  }
  Call& call = calls_[id - 1];
  Require(!call.effect, "a call took effect twice");
  Require(!call.nothing_happened, "a call took effect after it was told that nothing happened");
  Require(event.at >= call.sent_at - ClockUncertainty() && event.at <= sent + ClockUncertainty(),
          "decided by a wrong clock");
  return &call;
}

bool Model::CheckAnswer(Call& call, const absl::Status& status) {
  ++counts_.answers;
  Require(!call.answered, "a call was answered twice");
  call.answered = true;
  if (status.ok()) return true;
  Require(!absl::IsInternal(status), absl::StrCat("internal error: ", status.message()));
  if (!absl::IsUnknown(status)) {
    call.nothing_happened = true;
    Require(!call.effect, "told that nothing happened, but it took effect");
  }
  return false;
}

void Model::SignedOutEverybody(absl::Time not_before) { not_before_.Add(++commits_, not_before); }

void Model::Committed(const storage::Change<storage::User>& change, absl::Time sent) {
  ++commits_;
  ++counts_.commits;
  History<UserFacts>& history = users_[change.key];
  UserFacts facts = history.last();
  for (const storage::AuditEvent& event : change.effects.audit) {
    Call* call = CallBehind(event, sent);
    if (call == nullptr) return;
    call->effect = Effect{.commit = commits_, .at = event.at};
    if (event.event != "USER_ENABLED") ++facts.token_version;
    if (event.event == "USER_DISABLED") facts.disabled = true;
    if (event.event == "USER_ENABLED") facts.disabled = false;
    history.Add(commits_, facts);
  }
  const storage::Account& account = change.state.account;
  Require(account.disabled == facts.disabled, "an account is disabled, or it is not");
  Require(account.token_version == facts.token_version, "token_version of an account");
}

void Model::Answered(CallId id, const absl::StatusOr<domain::UserReply>& reply) {
  Call& call = calls_[id - 1];
  if (!CheckAnswer(call, reply.status())) return;
  Require(reply->found, "an account is lost");
  if (reply->event) return Require(call.effect.has_value(), "answered before commit");
  const auto& command = std::get<domain::UserCommand>(call.command);
  const UserId& user = domain::UserRules::KeyOf(command);
  const bool done = users_[user].AnySince(call.sent_commit, [&](const UserFacts& facts) {
    if (const auto* status = std::get_if<domain::SetUserStatus>(&command)) {
      return facts.disabled == status->disabled;
    }
    const int version = std::get<domain::EndAllSessions>(command).token_version;
    return version >= 0 && facts.token_version != version;
  });
  Require(done || call.effect, "acknowledged, but never done");
}

// By the generic cell rate algorithm every permit moves the theoretical arrival time (tat) by one
// interval.
void Model::Committed(const storage::Change<storage::Bucket>& change, absl::Time /*sent*/) {
  ++commits_;
  ++counts_.commits;
  BucketFacts& facts = buckets_[change.key];
  const absl::Time now = change.state.updated_at;
  const absl::Duration moved = change.state.tat - std::max(facts.tat, now);
  if (change.state.tat != facts.tat) {
    absl::Duration fraction;
    facts.permits += absl::IDivDuration(moved, plan_.bucket.interval, &fraction);
    Require(fraction == absl::ZeroDuration() && moved > absl::ZeroDuration(),
            "a shared limit went astray");
  }
  Require(change.state.tat - now <= plan_.bucket.interval * plan_.bucket.burst,
          "a shared limit is exceeded");
  facts.tat = change.state.tat;
}

void Model::Answered(CallId id, const absl::StatusOr<domain::TakeReply>& reply) {
  Call& call = calls_[id - 1];
  if (!CheckAnswer(call, reply.status()) || !reply->admitted) return;
  BucketFacts& facts = buckets_[std::get<domain::Take>(call.command).bucket];
  Require(++facts.admitted <= facts.permits, "more were admitted than permits were taken");
}

}  // namespace otpgate::simulation
