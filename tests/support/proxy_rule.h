#ifndef OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_
#define OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tests/support/proxy_message.h"

namespace otpgate::support {

// What happens to the connection at the message that a rule waits for. A cut ends both sides, but
// the server receives and executes everything that was forwarded before.
enum class ProxyAction {
  kCut,               // the message is lost with the connection
  kForwardThenCut,    // it arrives, then the connection is lost
  kSwallow,           // it and all later messages in this direction are dropped silently
  kHold,              // it and all later messages in this direction wait for Release
  kHoldAndCutClient,  // kHold, and the client loses its connection; Release still forwards it
};

struct ProxyRuleSpec {
  Direction direction = Direction::kToServer;
  ProxyAction action = ProxyAction::kCut;
  int number = 1;  // fires at this matching message of all connections, counted from Add
  MessageMatch match = AnyMessage();
};

// A fault to inject. Fires at most once. Thread-safe.
class ProxyRule {
 public:
  explicit ProxyRule(ProxyRuleSpec spec) : spec_(std::move(spec)) {}

  const ProxyRuleSpec& spec() const { return spec_; }

  // Blocks until the rule has fired. False: it did not within `limit`, which tests treat as
  // failure.
  [[nodiscard]] bool WaitFired(absl::Duration limit = absl::Seconds(30)) const;
  bool fired() const;

  // Keeps the rule from firing later. Returns whether it has fired.
  bool Disarm();

  // Forwards what is held, or will be held.
  void Release();

  // For the proxy.
  bool Fires(const ProxyMessage& message);  // counts a matching message; true once
  void WaitReleased() const;

 private:
  const ProxyRuleSpec spec_;
  mutable absl::Mutex mu_;
  int seen_ ABSL_GUARDED_BY(mu_) = 0;
  bool fired_ ABSL_GUARDED_BY(mu_) = false;
  bool disarmed_ ABSL_GUARDED_BY(mu_) = false;
  bool released_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PROXY_RULE_H_
