#ifndef OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_
#define OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tests/support/proxy_message.h"

namespace otpgate::testing {

// What happens to the connection at the message that a rule waits for. A cut ends both sides; the
// server still gets, and works on, everything that was forwarded before it.
enum class ProxyAction {
  kCut,               // the message is lost with the connection
  kForwardThenCut,    // it arrives, then the connection is lost
  kSwallow,           // it and all that follow it in this direction vanish; nobody is told
  kHold,              // it and all that follow it in this direction wait for Release
  kHoldAndCutClient,  // kHold, and the client loses its connection; it still arrives on Release
};

struct ProxyRuleSpec {
  Direction direction = Direction::kToServer;
  ProxyAction action = ProxyAction::kCut;
  int number = 1;  // at the how many-th message that fits, of all connections, since it was added
  MessageMatch match = AnyMessage();
};

// One accident, prepared. Happens once. Thread-safe.
class ProxyRule {
 public:
  explicit ProxyRule(ProxyRuleSpec spec) : spec_(std::move(spec)) {}

  const ProxyRuleSpec& spec() const { return spec_; }

  // Blocks until the message is there and its fate is decided. False: not within `limit`, which
  // tests treat as failure.
  [[nodiscard]] bool WaitFired(absl::Duration limit = absl::Seconds(30)) const;
  bool fired() const;

  // It will not happen any more; whether it has.
  bool Disarm();

  // Lets go what is held, also before it is held.
  void Release();

  // For the proxy.
  bool Fires(const ProxyMessage& message);  // counts a message that fits; true once
  void WaitReleased() const;

 private:
  const ProxyRuleSpec spec_;
  mutable absl::Mutex mu_;
  int seen_ ABSL_GUARDED_BY(mu_) = 0;
  bool fired_ ABSL_GUARDED_BY(mu_) = false;
  bool disarmed_ ABSL_GUARDED_BY(mu_) = false;
  bool released_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_
