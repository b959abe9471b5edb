#include "absl/strings/str_cat.h"
#include "tests/chaos/checker.h"

namespace otpgate::chaos {
namespace {

// The code requests of one person.
struct Requests {
  std::set<std::string> certain;   // request_ids that were acknowledged
  std::set<std::string> possible;  // and those that may have happened
  std::map<std::string, std::string> handles;
  int stored = 0;
};

}  // namespace

void CheckMessages(const std::vector<Call>& calls, const FinalState& end,
                   std::vector<std::string>& violations) {
  std::map<std::string, Requests> people;
  for (const Call& call : calls) {
    if (call.op != Op::kRequest) continue;
    Requests& requests = people[call.person];
    if (call.outcome != Outcome::kRefused) requests.possible.insert(call.request_id);
    if (call.outcome != Outcome::kOk) continue;
    requests.certain.insert(call.request_id);
    const auto [first, added] = requests.handles.emplace(call.request_id, call.got);
    if (!added && first->second != call.got) {
      violations.push_back(absl::StrCat(call.person, ": a repeat got another handle"));
    }
  }
  for (const auto& [id, message] : end.messages) {
    ++people[message.person].stored;
    if (message.state == "pending" || message.state == "failed") {
      violations.push_back(absl::StrCat(message.person, ": a message is ", message.state));
    }
    if (message.state == "sent" && !end.sent.contains(id)) {
      violations.push_back(absl::StrCat(message.person, ": a message is called sent and is not"));
    }
  }
  for (const std::string& id : end.sent) {
    if (!end.messages.contains(id)) {
      violations.push_back(absl::StrCat("a message left that is not stored: ", id));
    }
  }
  for (const auto& [person, requests] : people) {
    const int least = static_cast<int>(requests.certain.size());
    const int most = static_cast<int>(requests.possible.size());
    if (requests.stored >= least && requests.stored <= most) continue;
    violations.push_back(absl::StrCat(person, ": ", requests.stored, " messages for ", least,
                                      " to ", most, " requests"));
  }
}

}  // namespace otpgate::chaos
