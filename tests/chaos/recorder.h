#ifndef OTPGATE_TESTS_CHAOS_RECORDER_H_
#define OTPGATE_TESTS_CHAOS_RECORDER_H_

#include <string>

#include "tests/chaos/fleet.h"
#include "tests/chaos/history.h"

namespace otpgate::chaos {

// Makes calls, one try each, and writes down what came of them. `server` modulo their number.
// Thread-safe.
class Recorder {
 public:
  Recorder(const Fleet& fleet, History& history) : fleet_(fleet), history_(history) {}

  struct Asked {
    Call call;
    std::string code = {};  // only the first answer has it
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
  // Shows a token that was replaced long ago, as a thief does. When it is refused, the session has
  // been signed out by that; when not, it is a refresh like others.
  Call Replay(int server, const std::string& person, const std::string& session,
              const std::string& token, const std::string& request_id);
  Call Use(int server, const std::string& person, const std::string& session,
           const std::string& token);
  // Of the session, which is the only one of that person; or of all, by an access token.
  Call SignOut(int server, const std::string& person, const std::string& token);
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
