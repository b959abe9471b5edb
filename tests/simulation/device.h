#ifndef OTPGATE_TESTS_SIMULATION_DEVICE_H_
#define OTPGATE_TESTS_SIMULATION_DEVICE_H_

#include <optional>
#include <string>
#include <utility>

#include "tests/simulation/maker.h"
#include "tests/simulation/network.h"
#include "tests/simulation/secrets.h"

namespace otpgate::sim {

// What actors share.
struct Stage {
  Dice& dice;
  SimClock& clock;
  Network& network;
  Maker& maker;
  Secrets& secrets;
};

// An honest user: asks for a code, types it in, refreshes now and then, signs out. Repeats a call
// that was not answered; either always with the request_id of the first try, or never with one.
class Device {
 public:
  Device(Stage& stage, SubjectKey subject, bool sends_ids)
      : stage_(stage), subject_(std::move(subject)), sends_ids_(sends_ids) {}
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void Act();
  bool waits() const { return call_.has_value(); }

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
  void Accept(const SubjectReply& reply);
  void Accept(const SessionReply& reply);
  void Accept(const UserReply& reply);
  void Accept(const TakeReply&) {}

  Stage& stage_;
  const SubjectKey subject_;
  const bool sends_ids_;
  std::optional<Handle> handle_;
  std::optional<Token> token_;
  absl::Duration refreshed_at_;
  std::optional<Outstanding> call_;
};

}  // namespace otpgate::sim

#endif  // OTPGATE_TESTS_SIMULATION_DEVICE_H_
