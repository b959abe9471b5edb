#include "tests/support/tcp_proxy.h"

#include <sys/socket.h>

#include <utility>

#include "tests/support/proxy_connection.h"

namespace otpgate::support {

TcpProxy::TcpProxy(std::string target, Framing framing)
    : target_(std::move(target)),
      framing_(framing),
      listener_(ListenOnLoopback()),
      port_(PortOf(listener_)),
      acceptor_([this] { Accept(); }) {}

TcpProxy::~TcpProxy() {
  std::vector<std::unique_ptr<ProxyConnection>> connections;
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;  // no more connections
    connections.swap(connections_);
    for (const auto& connection : connections) connection->Abandon();
    for (const auto& rule : rules_) rule->Release();  // its connections are closed
    running_ = true;
  }
  shutdown(listener_.fd(), SHUT_RDWR);  // ends accept()
  acceptor_.join();
}

bool TcpProxy::Admits() {
  absl::MutexLock lock(&mu_);
  if (refusing_ || stopping_) return false;
  ++accepted_;
  return true;
}

void TcpProxy::Accept() {
  for (;;) {
    Socket client(accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    Socket server;
    if (client.valid() && Admits()) server = ConnectTo(target_);
    absl::MutexLock lock(&mu_);
    if (stopping_) return;
    Reap();
    if (!server.valid()) continue;  // the destructor closes the client
    connections_.push_back(
        std::make_unique<ProxyConnection>(this, std::move(client), std::move(server), framing_));
  }
}

void TcpProxy::Reap() {
  std::erase_if(connections_, [](const auto& connection) { return connection->ended(); });
}

std::shared_ptr<ProxyRule> TcpProxy::Add(ProxyRuleSpec spec) {
  auto rule = std::make_shared<ProxyRule>(std::move(spec));
  absl::MutexLock lock(&mu_);
  rules_.push_back(rule);
  return rule;
}

std::shared_ptr<ProxyRule> TcpProxy::Judge(const ProxyMessage& message) {
  absl::MutexLock lock(&mu_);
  mu_.Await(absl::Condition(&running_));
  ++(message.direction == Direction::kToServer ? to_server_ : to_client_);
  if (stopping_) return nullptr;
  std::shared_ptr<ProxyRule> happens;
  for (const auto& rule : rules_) {
    if (happens == nullptr && rule->Fires(message)) happens = rule;
  }
  return happens;
}

void TcpProxy::Pause() {
  absl::MutexLock lock(&mu_);
  running_ = stopping_;
}

void TcpProxy::Resume() {
  absl::MutexLock lock(&mu_);
  running_ = true;
}

void TcpProxy::CutAll() {
  absl::MutexLock lock(&mu_);
  for (const auto& connection : connections_) connection->Cut();
}

void TcpProxy::Refuse(bool refuse) {
  absl::MutexLock lock(&mu_);
  refusing_ = refuse;
}

int64_t TcpProxy::Messages(Direction direction) const {
  absl::MutexLock lock(&mu_);
  return direction == Direction::kToServer ? to_server_ : to_client_;
}

int64_t TcpProxy::Connections() const {
  absl::MutexLock lock(&mu_);
  return accepted_;
}

}  // namespace otpgate::support
