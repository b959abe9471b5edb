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

// People who call a fleet, each round somebody new, until they are stopped:
//   devices  sign in, refresh (now and then twice at once) and use the session, and sign out by
//            either token, everywhere, or because a thief shows an old token; repeat with the same
//            request_id what was not answered, on any server
//   racers   enter one right code several times at once
//   guessers guess at one code several at once, and enter the right one at the end
// What they do is drawn from the seed; when it happens is not.
class Workload {
 public:
  struct Options {
    uint64_t seed = 1;
    int devices = 3;
    int racers = 1;
    int guessers = 2;
  };
  Workload(const Fleet& fleet, History& history, const Options& options);
  // Ends the rounds at hand.
  ~Workload() { Stop(); }
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  // Everybody ends what was begun: everything must be healed by now. Idempotent.
  void Stop();
  // Rounds that came to their end.
  int64_t rounds() const { return rounds_; }
  // Rounds in which somebody gave up, after minutes of trying.
  int64_t given_up() const { return given_up_; }

 private:
  using Dice = std::mt19937_64;

  // False: given up.
  bool DeviceRound(Dice& dice, const std::string& person);
  // `tokens`: from the first to the newest.
  using Tokens = std::vector<std::string>;
  bool RefreshOften(Dice& dice, const Call& in, Tokens& tokens);
  Call RefreshTwiceAtOnce(Dice& dice, const Call& in, const std::string& token,
                          const std::string& id);
  bool LeaveAndLookBack(Dice& dice, const Call& in, const Tokens& tokens,
                        const std::string& access_token);
  bool RacerRound(Dice& dice, const std::string& person);
  bool GuesserRound(Dice& dice, const std::string& person);

  // Asks for a code until that is acknowledged, and gets to know it, from the message if need be.
  bool GetCode(Dice& dice, const std::string& person, Call& request, std::string& code);

  Recorder recorder_;
  Mailbox mailbox_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> rounds_ = 0;
  std::atomic<int64_t> given_up_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace otpgate::chaos

#endif  // OTPGATE_TESTS_CHAOS_WORKLOAD_H_
