#ifndef OTPGATE_TESTS_SUPPORT_PROXY_CONNECTION_H_
#define OTPGATE_TESTS_SUPPORT_PROXY_CONNECTION_H_

#include <atomic>
#include <thread>

#include "tests/support/framer.h"
#include "tests/support/proxy_rule.h"
#include "tests/support/sockets.h"

namespace otpgate::support {

class TcpProxy;

// One connection through a TcpProxy. A thread per direction reads, asks the proxy about each
// message, and writes.
class ProxyConnection {
 public:
  ProxyConnection(TcpProxy* proxy, Socket client, Socket server, Framing framing);
  ~ProxyConnection();  // after ended() or Abandon()

  // Closes the client's side at once. The server's side gets an end of input and is read to its
  // end, so that the server works on what it has received (unread answers would cause a reset).
  void Cut();
  // Closes both sides.
  void Abandon();
  bool ended() const { return running_ == 0; }

 private:
  struct Side {
    Direction direction;
    const Socket& from;
    const Socket& to;
    Framer& framer;
    bool swallows = false;
  };

  void Pump(Side side);
  void Handle(Side& side, const ProxyMessage& message);
  void EndOfInput(const Side& side);

  TcpProxy* const proxy_;
  const Socket client_;
  const Socket server_;
  const FramerPair framers_;
  std::atomic<bool> cut_ = false;
  std::atomic<int> running_ = 2;
  std::thread to_server_;
  std::thread to_client_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_PROXY_CONNECTION_H_
