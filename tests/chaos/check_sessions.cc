#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/checker.h"

namespace otpgate::chaos {
namespace {

// What clients know of one session.
struct SessionCalls {
  std::string person;
  absl::Duration opened;  // when the answer with its first token arrived
  std::vector<const Call*> calls;
};

class SessionCheck {
 public:
  SessionCheck(const std::string& id, const SessionCalls& session,
               const std::vector<const Call*>& sign_outs, const CheckOptions& options,
               std::vector<std::string>& violations)
      : id_(id),
        session_(session),
        sign_outs_(sign_outs),
        options_(options),
        violations_(violations) {}

  void Run(const FinalState& end) {
    CheckSuccessors();
    CheckSignOuts();
    if (options_.honest_get_in) CheckHonest();
    CheckStored(end);
  }

 private:
  void Report(const std::string& what) {
    violations_.push_back(absl::StrCat("session of ", session_.person, ": ", what));
  }

  static bool Granted(const Call& call) {
    return call.outcome == Outcome::kOk && (call.op == Op::kRefresh || call.active);
  }
  static bool Denied(const Call& call) {
    return call.op == Op::kUse
               ? call.outcome == Outcome::kOk && !call.active
               : call.outcome == Outcome::kRefused &&
                     (call.reason == "TOKEN_INVALID" || call.reason == "REQUEST_SUPERSEDED" ||
                      call.reason == "REQUEST_ID_REUSED");
  }
  bool Covers(const Call& sign_out) const {
    return sign_out.person.empty() || sign_out.person == session_.person;
  }

  void CheckSuccessors() {
    std::map<std::string, std::string> successors;
    for (const Call* call : session_.calls) {
      if (call->op != Op::kRefresh || call->outcome != Outcome::kOk) continue;
      const auto [first, added] = successors.emplace(call->given, call->got);
      if (!added && first->second != call->got) Report("a token has two successors");
    }
  }

  void CheckSignOuts() {
    for (const Call* out : sign_outs_) {
      if (out->outcome != Outcome::kOk || !Covers(*out) || session_.opened > out->start) continue;
      for (const Call* call : session_.calls) {
        if (Granted(*call) && call->start > out->end) {
          Report("it is alive after an acknowledged sign-out");
        }
      }
    }
  }

  // No token may be refused before a sign-out has begun.
  void CheckHonest() {
    for (const Call* call : session_.calls) {
      bool excused = !Denied(*call);
      for (const Call* out : sign_outs_) excused |= Covers(*out) && out->start <= call->end;
      if (!excused) Report(absl::StrCat("somebody honest was signed out: ", call->reason));
    }
  }

  // Each token is replaced at most once, however often it is sent.
  void CheckStored(const FinalState& end) {
    std::set<std::string> certain;
    std::set<std::string> possible;
    for (const Call* call : session_.calls) {
      if (call->op != Op::kRefresh || call->outcome == Outcome::kRefused) continue;
      possible.insert(call->given);
      if (call->outcome == Outcome::kOk) certain.insert(call->given);
    }
    const auto stored = end.sessions.find(id_);
    if (stored == end.sessions.end()) return Report("it was acknowledged and is not stored");
    const int generation = stored->second.generation;
    if (generation >= static_cast<int>(certain.size()) &&
        generation <= static_cast<int>(possible.size())) {
      return;
    }
    Report(absl::StrCat("generation ", generation, " is stored after ", certain.size(), " to ",
                        possible.size(), " tokens were shown"));
  }

  const std::string& id_;
  const SessionCalls& session_;
  const std::vector<const Call*>& sign_outs_;
  const CheckOptions& options_;
  std::vector<std::string>& violations_;
};

}  // namespace

void CheckSessions(const std::vector<Call>& calls, const FinalState& end,
                   const CheckOptions& options, std::vector<std::string>& violations) {
  std::map<std::string, SessionCalls> sessions;
  std::vector<const Call*> sign_outs;
  for (const Call& call : calls) {
    if (call.op == Op::kSignOut) sign_outs.push_back(&call);
    if (call.op == Op::kVerify && call.outcome == Outcome::kOk) {
      const auto [session, added] = sessions.try_emplace(call.session);
      if (added || call.end < session->second.opened) session->second.opened = call.end;
      session->second.person = call.person;
    }
    if (call.op == Op::kRefresh || call.op == Op::kUse) {
      sessions[call.session].calls.push_back(&call);
    }
  }
  for (const auto& [id, session] : sessions) {
    SessionCheck(id, session, sign_outs, options, violations).Run(end);
  }
}

namespace {

// The reasons with which a call of this workload may be refused.
std::set<std::string> Refusals(Op op, const CheckOptions& options) {
  std::set<std::string> all = {"UNAVAILABLE", "CONFLICT", "OVERLOADED", "DEADLINE_EXCEEDED"};
  if (op == Op::kVerify) all.insert("OTP_INVALID");
  if (op == Op::kRefresh) all.insert({"TOKEN_INVALID", "REQUEST_SUPERSEDED", "REQUEST_ID_REUSED"});
  if (op == Op::kSignOut && !options.honest_get_in) all.insert("UNAUTHENTICATED");
  return all;
}

}  // namespace

std::vector<std::string> FindViolations(const std::vector<Call>& calls, const FinalState& end,
                                        const CheckOptions& options) {
  std::vector<std::string> violations;
  for (const Call& call : calls) {
    if (call.outcome == Outcome::kRefused && Refusals(call.op, options).count(call.reason) == 0) {
      violations.push_back(absl::StrCat(call.person, ": a call of kind ", static_cast<int>(call.op),
                                        " was refused with '", call.reason, "'"));
    }
  }
  CheckCodes(calls, end, options, violations);
  CheckMessages(calls, end, violations);
  CheckSessions(calls, end, options, violations);
  return violations;
}

}  // namespace otpgate::chaos
