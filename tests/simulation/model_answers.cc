#include "absl/strings/str_cat.h"
#include "server/domain/subject_rules.h"
#include "tests/simulation/model.h"

// Checks the answers to commands on codes.
namespace otpgate::simulation {
namespace {

Outcome ObservedOutcome(const domain::SubjectReply& reply) {
  switch (reply.reason) {
    case errors::Reason::kSendLimit:
    case errors::Reason::kResendCooldown:
      return Outcome::kLimited;
    case errors::Reason::kRequestIdReused:
      return Outcome::kIdReused;
    case errors::Reason::kOtpInvalid:
      return Outcome::kNotEvaluated;
    default:
      return Outcome::kNothing;
  }
}

bool SameAnswer(const Effect& effect, const domain::SubjectReply& reply) {
  const SessionId session = reply.session ? reply.session->id : SessionId{};
  const UserId user = reply.account ? reply.account->id : UserId{};
  return reply.reason == effect.reason && reply.otp_id == effect.otp_id &&
         session == effect.session_id && user == effect.user_id &&
         reply.new_user == effect.new_user &&
         (reply.reason != errors::Reason::kOtpInvalid ||
          reply.attempts_remaining == effect.attempts_left);
}

// Whether the answer of this outcome holds a proof.
bool IsProof(const domain::SubjectCommand& command, const Effect& outcome) {
  return std::holds_alternative<domain::VerifyOtp>(command) &&
         PurposeOf(command) == storage::Purpose::kVerification &&
         outcome.reason == errors::Reason::kUnspecified;
}

}  // namespace

void Model::Answered(CallId id, const absl::StatusOr<domain::SubjectReply>& reply) {
  Call& call = calls_[id - 1];
  if (!CheckAnswer(call, reply.status())) return;
  const auto& command = std::get<domain::SubjectCommand>(call.command);
  const bool issues = std::holds_alternative<domain::RequestOtp>(command) ||
                      std::holds_alternative<domain::ResendOtp>(command);
  if (reply->replayed() || reply->reason == errors::Reason::kRequestSuperseded) {
    CheckRepeat(call, command, *reply);
  } else if (reply->event || (issues && reply->ok())) {
    CheckEffect(call, *reply);
  } else {
    CheckNoEffect(call, command, *reply);
  }
}

void Model::CheckEffect(const Call& call, const domain::SubjectReply& reply) {
  if (!call.effect) return Violate("answered before it was committed");
  const bool by_admin =
      reply.event == domain::Event::kSubjectUnlocked || reply.event == domain::Event::kOtpDeleted;
  Require(by_admin || SameAnswer(*call.effect, reply), "the answer is not what was committed");
}

void Model::CheckRepeat(const Call& call, const domain::SubjectCommand& command,
                        const domain::SubjectReply& reply) {
  ++counts_.repeats;
  const absl::Time now = reply.now;
  const auto as_recorded = [&](const SubjectFacts& facts) {
    const RequestFacts* record = RecordOf(plan_.otp, facts, command, now);
    if (record == nullptr || Expect(plan_.otp, facts, command, now) != Outcome::kRepeat) {
      return false;
    }
    const Effect& outcome = record->outcome;
    if (reply.replayed() && reply.decided_at() != record->at) return false;
    if (IsProof(command, outcome)) {
      return now < outcome.expires_at ? SameAnswer(outcome, reply)
                                      : reply.reason == errors::Reason::kRequestSuperseded;
    }
    if (reply.reason != errors::Reason::kRequestSuperseded) {
      if (!SameAnswer(outcome, reply)) return false;
      if (!reply.session) return true;
    }
    const bool still = reply.session.has_value();
    const UserId user = reply.account ? reply.account->id : UserId{};
    for (auto& [key, entry] : sessions_) {
      if (key.session_id != outcome.session_id || (still && key.user_id != user)) continue;
      return AnySince(call, key,
                      [&](const SessionFacts& session, const UserFacts& account, const NotBefore&) {
                        const bool unmoved = session.generation() == 0 && !session.revoked &&
                                             now < outcome.expires_at && !account.disabled &&
                                             account.token_version == session.token_version;
                        return unmoved == still;
                      });
    }
    return false;
  };
  Require(subjects_[domain::SubjectRules::KeyOf(command)].AnySince(call.sent_commit, as_recorded),
          "an answer was repeated that was never given");
}

void Model::CheckNoEffect(const Call& call, const domain::SubjectCommand& command,
                          const domain::SubjectReply& reply) {
  Require(!call.effect, "refused what took effect");
  Require(reply.reason != errors::Reason::kInternal, "an internal error");
  Require(!reply.session && !reply.account && !reply.new_user, "refused, and signed in");
  const Outcome observed = ObservedOutcome(reply);
  const auto& history = subjects_[domain::SubjectRules::KeyOf(command)];
  const auto as_expected = [&](SubjectFacts facts) {
    if (Expect(plan_.otp, facts, command, reply.now) == observed) return true;
    // An earlier command of the same batch may have forgotten old failures already.
    ForgetOldFailures(plan_.otp, reply.now, facts);
    return Expect(plan_.otp, facts, command, reply.now) == observed;
  };
  if (history.AnySince(call.sent_commit, as_expected)) return Require(true, "");
  Require(false, absl::StrCat("answered: ", NameOf(observed), ", but must be: ",
                              NameOf(Expect(plan_.otp, history.last(), command, reply.now))));
}

}  // namespace otpgate::simulation
