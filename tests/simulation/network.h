#ifndef OTPGATE_TESTS_SIMULATION_NETWORK_H_
#define OTPGATE_TESTS_SIMULATION_NETWORK_H_

#include <functional>
#include <memory>
#include <vector>

#include "tests/simulation/counts.h"
#include "tests/simulation/model.h"
#include "tests/simulation/sim_server.h"
#include "tests/simulation/trace.h"

namespace otpgate::sim {

// Who calls.
struct Caller {
  bool hostile = false;
  bool always_sends_id = false;
};

// Carries calls to servers and answers back, or loses them. One thread.
class Network {
 public:
  // The reply is a null pointer when the call failed.
  using OnReply = std::function<void(CallId, const AnyReply*)>;

  Network(Commons& commons, Model& model, Trace& trace, Counts& counts);

  // To a random server that is up; 0 when there is none. `on_reply` may never be called.
  CallId Send(AnyCommand command, Caller caller, OnReply on_reply);

  bool busy() const;
  // One step of a server that is busy.
  void Step();
  void CrashOne();
  void RestartAll();
  void RestartSome();
  void StopLosingReplies() { loses_replies_ = false; }

 private:
  std::vector<size_t> ServersThat(bool (*is_so)(const SimServer*)) const;
  template <class Shell>
  void Submit(size_t server, typename Shell::Command command, CallId id, OnReply on_reply);

  Commons& commons_;
  Model& model_;
  Trace& trace_;
  Counts& counts_;
  bool loses_replies_ = true;
  std::vector<std::unique_ptr<SimServer>> servers_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_NETWORK_H_
