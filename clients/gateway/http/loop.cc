#include "clients/gateway/http/loop.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/http/connection.h"
#include "clients/gateway/http/transport.h"

namespace otpgate::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::chrono::nanoseconds SweepPeriod(const HttpServerOptions& options) {
  const absl::Duration shortest =
      std::min({options.handshake_timeout, options.header_timeout, options.body_timeout,
                options.idle_timeout, options.write_timeout, options.linger_timeout});
  return absl::ToChronoNanoseconds(
      std::clamp(shortest / 8, absl::Milliseconds(1), absl::Milliseconds(250)));
}

// OpenSSL writes without MSG_NOSIGNAL.
void BlockSigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::string IpText(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

// The peer of a socket, which is prepared for a Transport. Empty: the peer has gone.
std::string Prepare(tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (!error) socket.native_non_blocking(true, error);
  if (!error) socket.set_option(tcp::no_delay(true), error);
  return error ? "" : IpText(peer.address());
}

}  // namespace

Loop::Loop(Shared* shared)
    : shared_(*shared),
      sweep_period_(SweepPeriod(shared->options)),
      mailbox_(std::make_shared<Mailbox>(&io_)),
      sweep_timer_(io_),
      thread_([this] { Run(); }) {}

Loop::~Loop() { mailbox_->Close(); }

void Loop::Run() {
  BlockSigpipe();
  const auto work = asio::make_work_guard(io_);
  Sweep();
  io_.run();
}

void Loop::Adopt(tcp::socket socket) {
  mailbox_->Post([this, taken = std::move(socket)]() mutable { Take(std::move(taken)); });
}

void Loop::Take(tcp::socket socket) {
  std::string peer = Prepare(socket);
  std::unique_ptr<Transport> transport;
  if (!peer.empty() && !shared_.draining) {
    const int fd = socket.native_handle();
    transport = shared_.tls ? NewTlsTransport(fd, shared_.tls->Newest()) : NewPlainTransport(fd);
  }
  if (transport == nullptr) {
    shared_.open.Remove();
    return;
  }
  const auto connection = std::make_shared<Connection>(&shared_, this, std::move(socket),
                                                       std::move(peer), std::move(transport));
  connections_.insert(connection);
  connection->Start();
}

void Loop::Sweep() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Connection>> expired;
  for (const auto& connection : connections_) {
    if (connection->Expired(now)) expired.push_back(connection);
  }
  for (const auto& connection : expired) connection->OnExpired();
  sweep_timer_.expires_after(sweep_period_);
  sweep_timer_.async_wait([this](const error_code& error) {
    if (!error) Sweep();
  });
}

// Over a copy, because closed connections remove themselves.
template <class Function>
void Loop::ForEach(Function function) {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) function(*connection);
}

void Loop::BeginDrain() {
  mailbox_->Post([this] { ForEach([](Connection& connection) { connection.BeginDrain(); }); });
}

void Loop::CloseAll() {
  mailbox_->Post([this] { ForEach([](Connection& connection) { connection.Close(); }); });
}

void Loop::Stop() {
  CloseAll();
  mailbox_->Post([this] { io_.stop(); });
}

}  // namespace otpgate::gateway
