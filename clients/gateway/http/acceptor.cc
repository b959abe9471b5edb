#include "clients/gateway/http/acceptor.h"

#include <boost/asio/ip/v6_only.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"

namespace otpgate::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// After a failure such as no free file descriptor, which would come again at once.
constexpr auto kPause = std::chrono::milliseconds(100);

}  // namespace

absl::StatusOr<tcp::endpoint> ParseEndpoint(absl::string_view address) {
  const size_t colon = address.rfind(':');
  std::string host(address.substr(0, colon));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  error_code error;
  const asio::ip::address ip = asio::ip::make_address(host, error);
  int port = -1;
  if (colon == absl::string_view::npos || error || ip.is_v6() != bracketed ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("listen address \"", absl::CHexEscape(address),
                                                   "\" must look like 127.0.0.1:8080 or "
                                                   "[::1]:8080"));
  }
  return tcp::endpoint(ip, static_cast<uint16_t>(port));
}

Acceptor::Acceptor(Shared* shared, const Loops* loops)
    : shared_(*shared),
      loops_(*loops),
      acceptor_(loops->front()->io()),
      pause_(loops->front()->io()) {}

absl::Status Acceptor::Listen(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) {
    acceptor_.set_option(asio::ip::v6_only(false), error);
  }
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", shared_.options.address, ": ", error.message()));
}

void Acceptor::Start() {
  loops_.front()->mailbox()->Post([this] { AcceptNext(); });
}

void Acceptor::Close() {
  absl::Notification closed;
  loops_.front()->mailbox()->Post([this, &closed] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel(ignored);
    closed.Notify();
  });
  closed.WaitForNotification();
}

void Acceptor::AcceptNext() {
  Loop& loop = *loops_[turn_++ % loops_.size()];
  acceptor_.async_accept(loop.io(), [this, &loop](const error_code& error, tcp::socket socket) {
    if (error) return OnFailure(error);
    if (shared_.open.Add()) {
      ++shared_.counters.connections;
      loop.Adopt(std::move(socket));
    } else {
      ++shared_.counters.over_limit;
    }
    AcceptNext();
  });
}

void Acceptor::OnFailure(const error_code& error) {
  if (!acceptor_.is_open()) return;
  if (error == asio::error::connection_aborted) return AcceptNext();
  ++shared_.counters.accept_failures;
  pause_.expires_after(kPause);
  pause_.async_wait([this](const error_code&) {
    if (acceptor_.is_open()) AcceptNext();
  });
}

}  // namespace otpgate::gateway
