#ifndef OTPGATE_TESTS_SUPPORT_TCP_PROXY_H_
#define OTPGATE_TESTS_SUPPORT_TCP_PROXY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/proxy_message.h"
#include "tests/support/proxy_rule.h"
#include "tests/support/sockets.h"

namespace otpgate::support {

class ProxyConnection;

// A proxy between a client and a server that injects faults at an exact message, never at a time:
// tests add rules and wait for them to fire. Listens on a port of 127.0.0.1. In this example the
// second COMMIT is executed, but its answer is lost:
//
//   TcpProxy proxy(cluster.SocketPath(), Framing::kPostgres);
//   auto lost = proxy.Add({.direction = Direction::kToClient, .action = ProxyAction::kCut,
//                          .number = 2, .match = PgDone("COMMIT")});
//   ...
//   ASSERT_TRUE(lost->WaitFired());
//
// Thread-safe.
class TcpProxy {
 public:
  // `target`: the path of a unix socket, or a port of 127.0.0.1 in digits.
  TcpProxy(std::string target, Framing framing);
  // Closes all connections; held messages are lost.
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }

  // Adds a rule for existing and new connections. Of several rules for the same message the one
  // that was added first fires.
  std::shared_ptr<ProxyRule> Add(ProxyRuleSpec spec);

  // Between Pause and Resume no message is forwarded; connections stay open.
  void Pause();
  void Resume();

  // Cuts all current connections.
  void CutAll();
  // If true, closes new connections at once, as if the server were down.
  void Refuse(bool refuse);

  // Complete messages seen so far, of all connections.
  int64_t Messages(Direction direction) const;
  int64_t Connections() const;

 private:
  friend class ProxyConnection;

  void Accept();
  bool Admits();
  void Reap() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // For each message: waits while paused, counts it, and returns the rule that fires.
  std::shared_ptr<ProxyRule> Judge(const ProxyMessage& message);

  const std::string target_;
  const Framing framing_;
  const Socket listener_;
  const int port_;

  mutable absl::Mutex mu_;
  std::vector<std::shared_ptr<ProxyRule>> rules_ ABSL_GUARDED_BY(mu_);
  std::vector<std::unique_ptr<ProxyConnection>> connections_ ABSL_GUARDED_BY(mu_);
  int64_t accepted_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t to_server_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t to_client_ ABSL_GUARDED_BY(mu_) = 0;
  bool running_ ABSL_GUARDED_BY(mu_) = true;  // not paused
  bool refusing_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;

  std::thread acceptor_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_TCP_PROXY_H_
