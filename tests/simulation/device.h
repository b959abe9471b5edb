#ifndef OTPGATE_TESTS_SIMULATION_DEVICE_H_
#define OTPGATE_TESTS_SIMULATION_DEVICE_H_

#include <optional>
#include <string>
#include <utility>

#include "tests/simulation/command_factory.h"
#include "tests/simulation/network.h"
#include "tests/simulation/secrets.h"

namespace otpgate::simulation {

// What all actors share.
struct ActorContext {
  SeededChoices& choices;
  SimClock& clock;
  Network& network;
  CommandFactory& commands;
  Secrets& secrets;
};

// The device of an honest user: requests a code, enters it, refreshes from time to time and signs
// out; or, by its purpose, a calling service that verifies an identifier again and again. Repeats a call that got no answer: always with the request_id of the first attempt if
// `sends_ids`, else always without one. One thread.
class Device {
 public:
  // `purpose`: login or verification.
  Device(ActorContext& context, storage::SubjectKey subject, storage::Purpose purpose,
         bool sends_ids)
      : context_(context), subject_(std::move(subject)), purpose_(purpose), sends_ids_(sends_ids) {}
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void Act();

 private:
  enum class What { kRequest, kResend, kVerify, kRefresh, kSignOut, kSignOutEverywhere };
  struct Outstanding {
    What what;
    std::string guess;
    std::string request_id;
    CallId id = 0;
    absl::Duration sent_at;
    bool failed = false;
    std::optional<AnyReply> reply;
  };

  void Begin(What what, std::string guess = "");
  void Try();
  AnyCommand Make() const;
  void ActSignedOut();
  void ActSignedIn();
  void Accept(const domain::SubjectReply& reply);
  void Accept(const domain::SessionReply& reply);
  void Accept(const domain::UserReply& reply);
  void Accept(const domain::TakeReply&) {}

  ActorContext& context_;
  const storage::SubjectKey subject_;
  const storage::Purpose purpose_;
  const bool sends_ids_;
  std::optional<Handle> handle_;
  std::optional<Token> token_;
  absl::Duration refreshed_at_;
  std::optional<Outstanding> call_;
};

}  // namespace otpgate::simulation

#endif  // OTPGATE_TESTS_SIMULATION_DEVICE_H_
