#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_LOOP_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_LOOP_H_

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "absl/container/flat_hash_set.h"
#include "clients/gateway/http/mailbox.h"
#include "clients/gateway/http/shared.h"

namespace otpgate::gateway {

class Connection;

// One network thread and its connections, all of whose work is done there, so that they need no
// locks. Functions are for that thread unless they say otherwise.
class Loop {
 public:
  // `shared` outlives it. The thread runs at once.
  explicit Loop(Shared* shared);
  // Stop and Join come before.
  ~Loop();

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  boost::asio::io_context& io() { return io_; }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // Takes over a connection that is counted as open. Thread-safe.
  void Adopt(boost::asio::ip::tcp::socket socket);
  // Closes connections between requests, and others after their response. Thread-safe.
  void BeginDrain();
  // Closes all connections. Thread-safe.
  void CloseAll();
  // Closes all connections and ends the thread. Thread-safe.
  void Stop();
  // After Stop, on another thread: waits for the end.
  void Join() { thread_.join(); }

  // Where connections read to: they keep only what they need.
  std::array<char, 16 << 10>& scratch() { return scratch_; }
  // Forgets a connection that is closed.
  void Remove(const std::shared_ptr<Connection>& connection) { connections_.erase(connection); }

 private:
  void Run();
  void Take(boost::asio::ip::tcp::socket socket);
  // Ends what has expired, now and again later. One timer for all connections: deadlines change
  // with every step of a request, and then cost nothing.
  void Sweep();
  template <class Function>
  void ForEach(Function function);

  Shared& shared_;
  const std::chrono::nanoseconds sweep_period_;
  boost::asio::io_context io_{1};
  const std::shared_ptr<Mailbox> mailbox_;
  boost::asio::steady_timer sweep_timer_;
  std::array<char, 16 << 10> scratch_;
  absl::flat_hash_set<std::shared_ptr<Connection>> connections_;
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_LOOP_H_
