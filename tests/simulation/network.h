#ifndef OTPGATE_TESTS_SIMULATION_NETWORK_H_
#define OTPGATE_TESTS_SIMULATION_NETWORK_H_

#include <functional>
#include <memory>
#include <vector>

#include "tests/simulation/counts.h"
#include "tests/simulation/model.h"
#include "tests/simulation/sim_server.h"
#include "tests/simulation/trace.h"

namespace otpgate::simulation {

// What the model needs to know about the actor that sends a call.
struct ActorTraits {
  bool hostile = false;
  bool always_sends_id = false;
};

// Delivers calls to servers and answers to actors; loses some answers. One thread.
class Network {
 public:
  // Gets the number of the call and its reply. Null: the call failed.
  using OnReply = std::function<void(CallId, const AnyReply*)>;

  Network(ServerContext& context, Model& model, Trace& trace, Counts& counts);

  // Sends a command to a random server that is up. Returns the number of the call, or 0 if no
  // server is up. `on_reply` is never called if the answer is lost.
  CallId Send(AnyCommand command, ActorTraits traits, OnReply on_reply);

  bool busy() const;
  // Runs one step of a random busy server. Requires busy().
  void Step();
  void CrashOne();
  void RestartAll();
  void RestartSome();
  void StopLosingReplies() { loses_replies_ = false; }

 private:
  std::vector<size_t> ServersThat(bool (*is_so)(const SimServer*)) const;
  template <class Rules>
  void Submit(size_t server, typename Rules::Command command, CallId id, OnReply on_reply);

  ServerContext& context_;
  Model& model_;
  Trace& trace_;
  Counts& counts_;
  bool loses_replies_ = true;
  std::vector<std::unique_ptr<SimServer>> servers_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_NETWORK_H_
