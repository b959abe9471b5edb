#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/domain/subject_rules.h"
#include "tests/simulation/model.h"

// Checks commits of subjects and their codes.
namespace otpgate::simulation {

void Model::CheckAccount(const storage::Change<storage::Subject>& change, const UserId& before,
                         const UserId& after) {
  const UserId made = before.empty() ? after : UserId{};
  const auto& account = change.effects.new_account;
  const auto& identity = change.effects.new_identity;
  Require((account ? account->id : UserId{}) == made,
          "an account was made without need, or not made");
  Require((identity ? identity->user_id : UserId{}) == made, "an account and its identity differ");
  Require(!identity || identity->subject == change.key, "an identity of somebody else");
}

void Model::AddSessions(const storage::SubjectEffects& effects) {
  if (const auto& account = effects.new_account) {
    Require(!users_.contains(account->id), "an account was made twice");
    users_.emplace(account->id, UserFacts{.exists = true});
  }
  for (const storage::NewSession& session : effects.sessions) {
    ++counts_.logins;
    SessionFacts facts{.token_version = session.token_version,
                       .created_at = session.created_at,
                       .idle_end = session.idle_expires_at,
                       .absolute_end = session.absolute_expires_at,
                       .rotated_at = session.created_at,
                       .ids = {}};
    sessions_[{session.user_id, session.id}].history.Add(commits_, facts);
  }
}

void Model::Committed(const storage::Change<storage::Subject>& change, absl::Time sent) {
  ++commits_;
  ++counts_.commits;
  History<SubjectFacts>& history = subjects_[change.key];
  SubjectFacts facts = history.last();
  const UserId account = facts.user_id;
  AddSessions(change.effects);
  for (const storage::AuditEvent& event : change.effects.audit) {
    SubjectEvent(change, event, sent, facts);
    if (violation_) return;
    history.Add(commits_, facts);
  }
  CheckAccount(change, account, facts.user_id);
  const absl::Time now = change.state.updated_at;
  if (change.state.failures == 0) ForgetOldFailures(plan_.otp, now, facts);
  facts.updated_at = now;
  history.Add(commits_, facts);
  const std::string difference = Difference(plan_.otp, facts, change.state, now);
  Require(difference.empty(), absl::StrCat("a subject was written wrong: ", difference));
}

void Model::SubjectEvent(const storage::Change<storage::Subject>& change,
                         const storage::AuditEvent& event, absl::Time sent, SubjectFacts& facts) {
  Call* call = CallBehind(event, sent);
  if (call == nullptr) return;
  const auto& command = std::get<domain::SubjectCommand>(call->command);
  Require(domain::SubjectRules::KeyOf(command) == change.key, "the effect is on somebody else");
  Require(event.at >= facts.updated_at, "decided before the time of its row");
  const Outcome outcome = Expect(plan_.otp, facts, command, event.at);
  // Cleanup may remove a row without failures between load and write, and the write creates it
  // again. So an unlock may be recorded twice; nothing is lost.
  const bool unlocks = std::holds_alternative<domain::UnlockSubject>(command);
  if (!Changes(outcome) && !unlocks) {
    return Violate(absl::StrCat(event.event, ", but must be: ", NameOf(outcome)));
  }
  const auto* verify = std::get_if<domain::VerifyOtp>(&command);
  if (outcome == Outcome::kRight || std::holds_alternative<domain::ResendOtp>(command)) {
    Require(sent < CodeOf(facts, command)->expires_at + ExpiryTolerance(event.at, sent),
            "accepted after it had expired");
  }
  bool signs_in = false;
  if (outcome == Outcome::kRight) {
    signs_in = absl::c_any_of(change.effects.sessions, [&](const storage::NewSession& session) {
      return session.id == verify->session_id;
    });
    if (verify->purpose == storage::Purpose::kLogin) {
      CheckSignIn(*call, *verify, change);
    } else {
      ++counts_.verifications;
      Require(!signs_in, "a verification opened a session");
    }
  }
  if (outcome == Outcome::kWrong) ++counts_.wrong_guesses;
  const bool disabled = facts.disabled_at.has_value();
  call->effect = Apply(plan_.otp, command, event.at, signs_in, facts);
  call->effect->commit = commits_;
  call->effect->at = event.at;
  if (outcome != Outcome::kIssued) return;
  const CodeFacts& code = *CodeOf(facts, command);
  const auto message = absl::c_find_if(change.effects.messages, [&](const storage::Message& m) {
    return m.otp_id == code.id && m.purpose == PurposeOf(command) &&
           m.code_mac.substr(0, 6) == code.text;
  });
  if (message == change.effects.messages.end()) return Violate("a code without a message");
  Require(disabled || message->state == storage::MessageState::kPending,
          "a message was suppressed");
}

void Model::CheckSignIn(const Call& call, const domain::VerifyOtp& verify,
                        const storage::Change<storage::Subject>& change) {
  const auto session = absl::c_find_if(change.effects.sessions, [&](const storage::NewSession& s) {
    return s.id == verify.session_id;
  });
  const bool opened = session != change.effects.sessions.end();
  const bool possible =
      users_[change.state.user_id].AnySince(call.sent_commit, [&](const UserFacts& user) {
        return opened ? !user.disabled && user.token_version == session->token_version
                      : user.disabled;
      });
  Require(possible, opened ? "a session of a disabled account, or of an old token_version"
                           : "a code was consumed and opened nothing");
  if (opened) Require(session->user_id == change.state.user_id, "a session of somebody else");
}

}  // namespace otpgate::simulation
