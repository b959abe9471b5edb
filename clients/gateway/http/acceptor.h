#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_ACCEPTOR_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_ACCEPTOR_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/gateway/http/loop.h"
#include "clients/gateway/http/shared.h"

namespace otpgate::gateway {

using Loops = std::vector<std::unique_ptr<Loop>>;

// "127.0.0.1:8080" or "[::1]:8080". INVALID_ARGUMENT: neither.
absl::StatusOr<boost::asio::ip::tcp::endpoint> ParseEndpoint(absl::string_view address);

// Accepts connections on the thread of the first loop, and gives them to all loops in turn. The
// arguments outlive it; it is destroyed when their threads have ended.
class Acceptor {
 public:
  Acceptor(Shared* shared, const Loops* loops);

  // Listens. Call once, before Start. UNAVAILABLE: the address cannot be used.
  absl::Status Listen(const boost::asio::ip::tcp::endpoint& endpoint);
  int port() const { return port_; }

  // Begins to accept. Thread-safe.
  void Start();
  // Stops to listen, and waits for that. Thread-safe, but not for network threads.
  void Close();

 private:
  void AcceptNext();
  void OnFailure(const boost::system::error_code& error);

  Shared& shared_;
  const Loops& loops_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  int port_ = 0;
  size_t turn_ = 0;  // of which loop it is
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_ACCEPTOR_H_
