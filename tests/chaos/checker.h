#ifndef OTPGATE_TESTS_CHAOS_CHECKER_H_
#define OTPGATE_TESTS_CHAOS_CHECKER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/chaos/history.h"

namespace otpgate::chaos {

// What the database and the file of sent messages hold after all faults have ended and no message
// is pending.
struct StoredSession {
  std::string person;
  int generation = 0;
};
struct StoredMessage {
  std::string person;
  std::string state;  // pending, sent, dropped, failed
};
struct FinalState {
  std::map<std::string, StoredSession> sessions;  // by id
  std::map<std::string, int> attempts;            // of the newest code, by person
  std::map<std::string, StoredMessage> messages;  // by id
  std::set<std::string> sent;                     // ids of the messages in the file
};

struct CheckOptions {
  int attempts_max = 5;
  // False if codes and sessions may end early, as when the database's clock jumps: then honest
  // people may be refused.
  bool honest_get_in = true;
};

// Compares the answers to clients with each other and with what is stored. Assumes that a repeat
// with the same request_id is otherwise unchanged, and that honest people use the newest token they
// know. Returns one sentence per violation; empty: the history can be explained. Pure.
std::vector<std::string> FindViolations(const std::vector<Call>& calls, const FinalState& end,
                                        const CheckOptions& options = {});

// The parts of FindViolations:
//   codes:    used at most once, and by right guesses alone; every answered wrong guess is counted;
//             an honest person with the right code is let in
//   messages: none lost, none for a request that did not happen, one effect per request_id
//   sessions: one successor per token; what was acknowledged is stored; nobody honest is signed
//             out; nobody is signed in after an acknowledged sign-out
void CheckCodes(const std::vector<Call>& calls, const FinalState& end, const CheckOptions& options,
                std::vector<std::string>& violations);
void CheckMessages(const std::vector<Call>& calls, const FinalState& end,
                   std::vector<std::string>& violations);
void CheckSessions(const std::vector<Call>& calls, const FinalState& end,
                   const CheckOptions& options, std::vector<std::string>& violations);

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_CHECKER_H_
