#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/simulation/model.h"

// Checks commits of sessions, and the answers to refreshes, sign-outs and inspections.
namespace otpgate::simulation {
namespace {

Refreshed ObservedOutcome(const domain::SessionReply& reply) {
  if (reply.replayed) return Refreshed::kRepeat;
  if (reply.reason == errors::Reason::kRequestSuperseded) return Refreshed::kSuperseded;
  if (reply.reason == errors::Reason::kRequestIdReused) return Refreshed::kIdReused;
  return Refreshed::kInvalid;
}

}  // namespace

void Model::Committed(const storage::Change<storage::Session>& change, absl::Time sent) {
  ++commits_;
  ++counts_.commits;
  SessionEntry& entry = sessions_[change.key];
  SessionFacts facts = entry.history.last();
  for (const storage::AuditEvent& event : change.effects.audit) {
    Call* call = CallBehind(event, sent);
    if (call == nullptr) return;
    SessionEvent(*call, event, sent, entry, facts);
    if (violation_) return;
    call->effect = Effect{.commit = commits_, .at = event.at, .generation = facts.generation()};
    entry.history.Add(commits_, facts);
  }
  const std::string difference = Difference(facts, change.state);
  Require(difference.empty(), absl::StrCat("a session was written wrong: ", difference));
}

void Model::SessionEvent(const Call& call, const storage::AuditEvent& event, absl::Time sent,
                         SessionEntry& entry, SessionFacts& facts) {
  Require(event.at >= facts.rotated_at, "decided before the time of its row");
  const auto& command = std::get<domain::SessionCommand>(call.command);
  const auto* rotation = std::get_if<domain::RotateSession>(&command);
  if (rotation == nullptr) {
    Require(!facts.revoked, "a session was ended twice");
    facts.revoked = true;
    return;
  }
  const Refreshed is = event.event == "TOKEN_REUSE" ? Refreshed::kReuse : Refreshed::kRotated;
  const bool possible =
      users_[rotation->session.user_id].AnySince(call.sent_commit, [&](const UserFacts& user) {
        return not_before_.AnySince(call.sent_commit, [&](const NotBefore& not_before) {
          return Expect(plan_.otp.session, facts, user, not_before, *rotation, event.at) == is;
        });
      });
  Require(possible, absl::StrCat(event.event, " without a reason"));
  if (is == Refreshed::kReuse) {
    ++counts_.reuses;
    Require(!call.always_sends_id || entry.touched_by_attacker,
            "somebody who always sends request_id was logged out");
    facts.revoked = true;
    return;
  }
  ++counts_.refreshes;
  Require(sent < std::min(facts.idle_end, facts.absolute_end) + ExpiryTolerance(event.at, sent),
          "refreshed after the session had ended");
  facts.ids.push_back(rotation->request_id);
  facts.rotated_at = event.at;
  facts.idle_end = std::min(event.at + plan_.otp.session.idle, facts.absolute_end);
}

void Model::Answered(CallId id, const absl::StatusOr<domain::SessionReply>& reply) {
  Call& call = calls_[id - 1];
  if (!CheckAnswer(call, reply.status())) return;
  const auto& command = std::get<domain::SessionCommand>(call.command);
  if (const auto* rotation = std::get_if<domain::RotateSession>(&command)) {
    CheckRefreshed(call, *rotation, *reply);
  } else if (const auto* end = std::get_if<domain::EndSession>(&command)) {
    CheckEnded(*end, *reply);
  } else {
    CheckInspected(call, std::get<domain::InspectSession>(command), *reply);
  }
}

void Model::CheckRefreshed(const Call& call, const domain::RotateSession& command,
                           const domain::SessionReply& reply) {
  if (reply.event && reply.event != domain::Event::kTokenFromFuture) {
    if (!call.effect) return Violate("answered before it was committed");
    return Require(!reply.ok() || reply.session.generation == call.effect->generation,
                   "a token of another generation than the one committed");
  }
  if (reply.replayed) ++counts_.repeats;
  Require(reply.replayed || !call.effect, "refused what took effect");
  const Refreshed observed = ObservedOutcome(reply);
  const bool possible = AnySince(
      call, command.session, [&](const auto& session, const auto& user, const auto& not_before) {
        return Expect(plan_.otp.session, session, user, not_before, command, reply.now) ==
                   observed &&
               (!reply.replayed || reply.session.generation == session.generation());
      });
  Require(possible, absl::StrCat("a refresh was answered: ", NameOf(observed), ", wrongly"));
}

void Model::CheckEnded(const domain::EndSession& command, const domain::SessionReply& reply) {
  const SessionFacts& facts = sessions_[command.session].history.last();
  Require(facts.revoked || reply.now >= facts.absolute_end,
          "a sign-out was acknowledged and did not happen");
}

void Model::CheckInspected(const Call& call, const domain::InspectSession& command,
                           const domain::SessionReply& reply) {
  const bool possible = AnySince(
      call, command.session, [&](const auto& session, const auto& user, const auto& not_before) {
        const bool good =
            MayBeUsed(session, user, not_before, reply.now) &&
            (command.generation == session.generation() ||
             MayRepeat(plan_.otp.session, session, command.generation, "", reply.now));
        return good == reply.ok();
      });
  Require(possible, reply.ok() ? "a dead session looks alive" : "a live session looks dead");
}

void Model::Inspected(const storage::AccountKey& session, const domain::BearerReply& reply) {
  const SessionFacts& facts = sessions_[session].history.last();
  const bool good = MayBeUsed(facts, users_[session.user_id].last(), not_before_.last(), reply.now);
  Require(good == reply.active,
          good ? "a valid access token was refused" : "an invalid access token was accepted");
}

}  // namespace otpgate::simulation
