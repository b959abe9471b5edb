#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/chaos/checker.h"

namespace otpgate::chaos {
namespace {

using Calls = std::vector<const Call*>;

bool AnsweredWrong(const Call& call) {
  return call.outcome == Outcome::kRefused && call.reason == "OTP_INVALID" && !call.right;
}

// It was evaluated for sure: what cannot be evaluated leaves 0.
bool CountedForSure(const Call& call) {
  return AnsweredWrong(call) && call.remaining.value_or(0) > 0;
}

// Every verification of one code.
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

  // Answers that were counted for sure, and those that may have been.
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

  // Each answer has a number of its own, and later answers have lower ones.
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
        if (a.end<b.start&& * b.remaining> * a.remaining) Report(b, "a guess was forgotten");
      }
    }
  }

  // When the last attempt was answered as gone. Only a code that nobody could have used by then,
  // and that did not expire, tells: what cannot be evaluated leaves 0 as well.
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

  // Somebody who tried nothing but the right code, and repeated nothing but that call.
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
  std::map<std::string, std::map<std::string, Calls>> people;  // verifications, by handle
  std::map<std::string, std::set<std::string>> requests;  // ids of those that may have happened
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
