#ifndef OTPGATE_TESTS_CHAOS_RECORDER_H_
#define OTPGATE_TESTS_CHAOS_RECORDER_H_

#include <string>

#include "tests/chaos/fleet.h"
#include "tests/chaos/history.h"

namespace otpgate::chaos {

// Makes calls, one attempt each, and adds them to the history. `server` is taken modulo the number
// of servers. Thread-safe.
class Recorder {
 public:
  Recorder(const Fleet& fleet, History& history) : fleet_(fleet), history_(history) {}

  struct Asked {
    Call call;
    std::string code = {};  // empty in the answer to a repeat
  };
  Asked Request(int server, const std::string& person, const std::string& request_id);
  struct SignedIn {
    Call call;
    std::string access_token = {};
  };
  SignedIn Verify(int server, const Call& request, const std::string& code, bool right,
                  const std::string& request_id);
  Call Refresh(int server, const std::string& person, const std::string& session,
               const std::string& token, const std::string& request_id);
  // Refreshes with a token that was replaced long ago, as a thief does. If it is refused, the
  // replay has ended the session and is recorded as kSignOut; otherwise it is recorded as a
  // refresh.
  Call Replay(int server, const std::string& person, const std::string& session,
              const std::string& token, const std::string& request_id);
  Call Use(int server, const std::string& person, const std::string& session,
           const std::string& token);
  // Ends the session of `token`, which is the only one of that person.
  Call SignOut(int server, const std::string& person, const std::string& token);
  // Ends all sessions of that person.
  Call SignOutEverywhere(int server, const std::string& person, const std::string& access_token);

 private:
  Call Show(int server, const std::string& person, const std::string& session,
            const std::string& token, const std::string& request_id);
  template <class Ask>
  auto Run(Call& call, Ask ask);

  const Fleet& fleet_;
  History& history_;
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_RECORDER_H_
