#include "tests/support/proxy_connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "tests/support/tcp_proxy.h"

namespace otpgate::support {

ProxyConnection::ProxyConnection(TcpProxy* proxy, Socket client, Socket server, Framing framing)
    : proxy_(proxy),
      client_(std::move(client)),
      server_(std::move(server)),
      framers_(NewFramers(framing)),
      to_server_([this] {
        Pump({Direction::kToServer, client_, server_, *framers_.to_server});
      }),
      to_client_([this] {
        Pump({Direction::kToClient, server_, client_, *framers_.to_client});
      }) {}

ProxyConnection::~ProxyConnection() {
  to_server_.join();
  to_client_.join();
}

void ProxyConnection::Cut() {
  cut_ = true;
  shutdown(client_.fd(), SHUT_RDWR);
  shutdown(server_.fd(), SHUT_WR);
}

void ProxyConnection::Abandon() {
  cut_ = true;
  shutdown(client_.fd(), SHUT_RDWR);
  shutdown(server_.fd(), SHUT_RDWR);
}

// Goes on after a failed write, as the other side must be read to its end.
void ProxyConnection::Pump(Side side) {
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t size = recv(side.from.fd(), buffer, sizeof buffer, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    for (ProxyMessage& message : side.framer.Add(absl::string_view(buffer, size))) {
      message.direction = side.direction;
      Handle(side, message);
    }
  }
  EndOfInput(side);
  --running_;
}

void ProxyConnection::Handle(Side& side, const ProxyMessage& message) {
  if (side.swallows || cut_) return;
  const std::shared_ptr<ProxyRule> rule = proxy_->Judge(message);
  if (rule == nullptr) {
    WriteAll(side.to, message.bytes);
    return;
  }
  switch (rule->spec().action) {
    case ProxyAction::kCut:
      Cut();
      break;
    case ProxyAction::kForwardThenCut:
      WriteAll(side.to, message.bytes);
      Cut();
      break;
    case ProxyAction::kSwallow:
      side.swallows = true;
      break;
    case ProxyAction::kHoldAndCutClient:
      shutdown(client_.fd(), SHUT_RDWR);
      [[fallthrough]];
    case ProxyAction::kHold:
      rule->WaitReleased();
      WriteAll(side.to, message.bytes);
      break;
  }
}

// After the client's end of input the server may still answer; after the server's, both ways close.
void ProxyConnection::EndOfInput(const Side& side) {
  if (side.swallows) return;
  shutdown(side.to.fd(), side.direction == Direction::kToServer ? SHUT_WR : SHUT_RDWR);
}

}  // namespace otpgate::support
