#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/chaos/checker.h"

namespace otpgate::chaos {
namespace {

using Calls = std::vector<const Call*>;

bool AnsweredWrong(const Call& call) {
  return call.outcome == Outcome::kRefused && call.reason == "OTP_INVALID" && !call.right;
}

// Whether the guess was certainly evaluated. A guess that cannot be evaluated is answered with 0
// attempts remaining.
bool CountedForSure(const Call& call) {
  return AnsweredWrong(call) && call.remaining.value_or(0) > 0;
}

// Checks all verifications of one code.
class CodeCheck {
 public:
  CodeCheck(const Calls& calls, const CheckOptions& options, std::vector<std::string>& violations)
      : calls_(calls), options_(options), violations_(violations) {}

  void Run() {
    CheckUsedOnce();
    CheckCounted();
    CheckBudget();
    if (options_.honest_get_in) CheckHonest();
  }

  // The least and the most attempts that may be stored for this code.
  std::pair<int, int> Counted() const {
    int least = 0;
    int most = 0;
    for (const Call* call : calls_) {
      least += CountedForSure(*call);
      most += !call->right && (call->outcome == Outcome::kUnknown || AnsweredWrong(*call));
    }
    return {UsedUpAt() ? options_.attempts_max : least, most};
  }

 private:
  void Report(const Call& call, const std::string& what) {
    violations_.push_back(absl::StrCat("code of ", call.person, ": ", what));
  }

  void CheckUsedOnce() {
    std::set<std::string> sessions;
    for (const Call* call : calls_) {
      if (call->outcome != Outcome::kOk) continue;
      if (!call->right) Report(*call, "a wrong code was accepted");
      sessions.insert(call->session);
    }
    if (sessions.size() > 1) Report(*calls_[0], "it opened more than one session");
  }

  // No two guesses leave the same number of attempts, and later guesses leave fewer.
  void CheckCounted() {
    for (size_t i = 0; i < calls_.size(); ++i) {
      const Call& a = *calls_[i];
      if (!AnsweredWrong(a)) continue;
      if (!a.remaining || *a.remaining < 0 || *a.remaining >= options_.attempts_max) {
        Report(a, "a wrong guess was answered without its number");
        continue;
      }
      for (size_t j = 0; j < calls_.size(); ++j) {
        const Call& b = *calls_[j];
        if (i == j || !CountedForSure(b)) continue;
        if (i < j && a.remaining == b.remaining) Report(a, "two guesses were counted as one");
        if (a.end < b.start && b.remaining > a.remaining) Report(b, "a guess was forgotten");
      }
    }
  }

  // When a guess was first answered with 0 attempts remaining because it was the last attempt.
  // Nothing: unknown. Guesses at a used or expired code are answered with 0 as well, so this looks
  // only at codes that nobody could have used by then, and not at all when codes may end early.
  std::optional<absl::Duration> UsedUpAt() const {
    if (!options_.honest_get_in) return std::nullopt;
    std::optional<absl::Duration> at;
    for (const Call* call : calls_) {
      if (!AnsweredWrong(*call) || call->remaining != 0) continue;
      const bool unused = std::none_of(calls_.begin(), calls_.end(), [&](const Call* other) {
        return other->right && other->outcome != Outcome::kRefused && other->start <= call->end;
      });
      if (unused && (!at || call->end < *at)) at = call->end;
    }
    return at;
  }

  void CheckBudget() {
    const std::optional<absl::Duration> at = UsedUpAt();
    for (const Call* call : calls_) {
      if (at && call->right && call->outcome == Outcome::kOk && call->start > *at) {
        Report(*call, "it was accepted after its last attempt");
      }
    }
  }

  // If every call was the same one with the right code, repeated, then none may be refused.
  void CheckHonest() {
    for (const Call* call : calls_) {
      const bool alone =
          call->right && !call->request_id.empty() && call->request_id == calls_[0]->request_id;
      if (!alone) return;
    }
    for (const Call* call : calls_) {
      if (call->outcome == Outcome::kRefused && call->reason == "OTP_INVALID") {
        Report(*call, "the right code was refused");
      }
    }
  }

  const Calls& calls_;
  const CheckOptions& options_;
  std::vector<std::string>& violations_;
};

}  // namespace

void CheckCodes(const std::vector<Call>& calls, const FinalState& end, const CheckOptions& options,
                std::vector<std::string>& violations) {
  std::map<std::string, std::map<std::string, Calls>> people;  // verifications by person and handle
  std::map<std::string, std::set<std::string>> requests;       // request_ids by person
  for (const Call& call : calls) {
    if (call.op == Op::kVerify) people[call.person][call.given].push_back(&call);
    if (call.op == Op::kRequest && call.outcome != Outcome::kRefused) {
      requests[call.person].insert(call.request_id);
    }
  }
  std::map<std::string, int> sessions;
  for (const auto& [id, session] : end.sessions) ++sessions[session.person];
  for (const auto& [person, codes] : people) {
    int used = 0;
    for (const auto& [handle, verifications] : codes) {
      CodeCheck check(verifications, options, violations);
      check.Run();
      used += std::any_of(verifications.begin(), verifications.end(), [](const Call* call) {
        return call->right && call->outcome != Outcome::kRefused;
      });
      const auto stored = end.attempts.find(person);
      if (requests[person].size() != 1 || stored == end.attempts.end()) continue;
      const auto [least, most] = check.Counted();
      if (stored->second < least || stored->second > most) {
        violations.push_back(absl::StrCat("code of ", person, ": ", stored->second,
                                          " attempts are stored, not ", least, " to ", most));
      }
    }
    if (sessions[person] > used) {
      violations.push_back(absl::StrCat(person, ": ", sessions[person], " sessions from ", used,
                                        " codes that may have been used"));
    }
  }
}

}  // namespace otpgate::chaos
