#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_CONNECTION_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "clients/gateway/http/body.h"
#include "clients/gateway/http/head.h"
#include "clients/gateway/http/loop.h"
#include "clients/gateway/http/message.h"
#include "clients/gateway/http/shared.h"
#include "clients/gateway/http/transport.h"

namespace otpgate::gateway {

// One connection: a state machine that goes on until it has to wait for the socket, the handler or
// a deadline. Lives on the thread of its loop.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  // It is counted as open, until it closes.
  Connection(Shared* shared, Loop* loop, boost::asio::ip::tcp::socket socket, std::string peer_ip,
             std::unique_ptr<Transport> transport);

  void Start() { Advance(); }
  bool Expired(Clock::time_point now) const { return now >= deadline_; }
  // Once expired.
  void OnExpired();
  // Closes it unless a request has begun.
  void BeginDrain();
  void Close();
  // The answer of the handler to a request, by number; null: it was dropped.
  void OnAnswer(int64_t request, std::unique_ptr<HttpResponse> given);

 private:
  enum class State {
    kHandshake,
    kIdle,       // waits for the first byte of a request
    kHead,       // reads request line and headers
    kBody,       // reads the body
    kHandling,   // waits for the handler; reads nothing, so what is pipelined waits in the kernel
    kWriting,    // sends out_, then goes on to after_
    kLingering,  // has sent everything; reads and forgets until the client closes, too
    kClosed,
  };
  // What to do after a step.
  enum class Next { kStep, kAwaitRead, kAwaitWrite, kRest };

  void Advance();
  Next Step();
  void Await(boost::asio::ip::tcp::socket::wait_type what, bool& awaited);
  void Enter(State state);
  absl::Duration TimeoutOf(State state) const;

  Next Shake();
  Next ReadHead();
  Next TakeHead(size_t size);
  Next ReadBody();
  Next ReadMore();
  Next Dispatch();
  Next Refuse(const Refusal& refusal);
  Next Send(std::string bytes, State after);
  Next WriteOut();
  Next FinishWriting();
  Next Linger();
  Next ForgetInput();
  Next AfterFailure(Io io);

  void SkipEmptyLine();
  Refusal HeadTooLong() const;
  HttpResponse Rejection(const Refusal& refusal);
  bool MayKeepAlive() const;

  Shared& shared_;
  Loop& loop_;
  boost::asio::ip::tcp::socket socket_;
  const std::string peer_ip_;
  std::unique_ptr<Transport> transport_;
  bool read_awaited_ = false;
  bool write_awaited_ = false;

  State state_ = State::kHandshake;
  Clock::time_point deadline_;
  std::string in_;        // received, and not yet used
  size_t scanned_ = 0;    // of in_, by FindHeadEnd
  bool skipped_ = false;  // an empty line before this request
  std::string out_;
  size_t sent_ = 0;  // of out_
  State after_ = State::kIdle;
  size_t forgotten_ = 0;  // bytes, while lingering

  // Of the request under way.
  bool head_request_ = false;
  HeadFacts facts_;
  HttpRequest request_;
  std::optional<BodyReader> body_;
  int64_t requests_ = 0;  // given to the handler
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_CONNECTION_H_
