#ifndef OTPGATE_TESTS_CHAOS_WORKLOAD_H_
#define OTPGATE_TESTS_CHAOS_WORKLOAD_H_

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "tests/chaos/fleet.h"
#include "tests/chaos/history.h"
#include "tests/chaos/mailbox.h"
#include "tests/chaos/recorder.h"

namespace otpgate::chaos {

// People who call a fleet in threads, in each round as a new person, until they are stopped:
//   devices  sign in, refresh (sometimes twice at once), use the session, and sign out by either
//            token, everywhere, or by replaying an old token; they repeat unanswered calls with the
//            same request_id on any server
//   racers   enter a right code several times at once
//   guessers enter wrong codes from several threads at once, and the right one at the end
// The seed decides what they do, but not when it happens.
class Workload {
 public:
  struct Options {
    uint64_t seed = 1;
    int devices = 3;
    int racers = 1;
    int guessers = 2;
  };
  Workload(const Fleet& fleet, History& history, const Options& options);
  ~Workload() { Stop(); }
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  // Waits until every current round has ended, so all faults must be over. Idempotent.
  void Stop();
  // Completed rounds.
  int64_t rounds() const { return rounds_; }
  // Rounds that ended early because a call was not decided, or no code arrived, within a minute.
  int64_t given_up() const { return given_up_; }

 private:
  using SeededChoices = std::mt19937_64;

  // One round. False: given up.
  bool DeviceRound(SeededChoices& choices, const std::string& person);
  // The refresh tokens of a session, oldest first.
  using Tokens = std::vector<std::string>;
  bool RefreshOften(SeededChoices& choices, const Call& in, Tokens& tokens);
  Call RefreshTwiceAtOnce(SeededChoices& choices, const Call& in, const std::string& token,
                          const std::string& id);
  bool SignOutAndUseOldTokens(SeededChoices& choices, const Call& in, const Tokens& tokens,
                              const std::string& access_token);
  bool RacerRound(SeededChoices& choices, const std::string& person);
  bool GuesserRound(SeededChoices& choices, const std::string& person);

  // Requests a code until that is acknowledged. Reads the code from the message if no answer had
  // it.
  bool GetCode(SeededChoices& choices, const std::string& person, Call& request, std::string& code);

  Recorder recorder_;
  Mailbox mailbox_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> rounds_ = 0;
  std::atomic<int64_t> given_up_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_WORKLOAD_H_
