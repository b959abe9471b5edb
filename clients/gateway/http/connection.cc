#include "clients/gateway/http/connection.h"

#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "clients/gateway/http/answer.h"
#include "clients/gateway/http/format_response.h"
#include "clients/gateway/http/parse_head.h"

namespace otpgate::gateway {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// How many bytes a client may send after its last response, so that it can read that.
constexpr size_t kMostForgotten = 256 << 10;

// Gives the memory of a text back, which clear() keeps.
void Release(std::string& text) { std::string().swap(text); }

}  // namespace

Connection::Connection(Shared* shared, Loop* loop, tcp::socket socket, std::string peer_ip,
                       std::unique_ptr<Transport> transport)
    : shared_(*shared),
      loop_(*loop),
      socket_(std::move(socket)),
      peer_ip_(std::move(peer_ip)),
      transport_(std::move(transport)) {
  Enter(State::kHandshake);
}

void Connection::Advance() {
  Next next = Next::kStep;
  while (next == Next::kStep) next = Step();
  if (next == Next::kAwaitRead) Await(tcp::socket::wait_read, read_awaited_);
  if (next == Next::kAwaitWrite) Await(tcp::socket::wait_write, write_awaited_);
}

Connection::Next Connection::Step() {
  switch (state_) {
    case State::kHandshake:
      return Shake();
    case State::kIdle:
    case State::kHead:
      return ReadHead();
    case State::kBody:
      return ReadBody();
    case State::kWriting:
      return WriteOut();
    case State::kLingering:
      return ForgetInput();
    case State::kHandling:
    case State::kClosed:
      break;
  }
  return Next::kRest;
}

// A wait may be left over from an earlier state; it then wakes this one, which does no harm.
void Connection::Await(tcp::socket::wait_type what, bool& awaited) {
  if (awaited) return;
  awaited = true;
  socket_.async_wait(what, [self = shared_from_this(), &awaited](const error_code& error) {
    awaited = false;
    error ? self->Close() : self->Advance();
  });
}

void Connection::Enter(State state) {
  state_ = state;
  const absl::Duration timeout = TimeoutOf(state);
  deadline_ = timeout == absl::InfiniteDuration()
                  ? Clock::time_point::max()
                  : Clock::now() + absl::ToChronoNanoseconds(timeout);
}

absl::Duration Connection::TimeoutOf(State state) const {
  const HttpServerOptions& options = shared_.options;
  switch (state) {
    case State::kHandshake:
      return options.handshake_timeout;
    case State::kIdle:
      return options.idle_timeout;
    case State::kHead:
      return options.header_timeout;
    case State::kBody:
      return options.body_timeout;
    case State::kWriting:
      return options.write_timeout;
    case State::kLingering:
      return options.linger_timeout;
    case State::kHandling:
    case State::kClosed:
      break;
  }
  return absl::InfiniteDuration();
}

void Connection::OnExpired() {
  switch (state_) {
    case State::kHead:
      Refuse({408, "the headers took too long"});
      return Advance();
    case State::kBody:
      Refuse({408, "the body took too long"});
      return Advance();
    case State::kHandshake:
      ++shared_.counters.handshake_failures;
      return Close();
    case State::kIdle:
      ++shared_.counters.idle_closed;
      transport_->ShutDown();
      return Close();
    case State::kWriting:
      ++shared_.counters.write_timeouts;
      return Close();
    default:
      return Close();
  }
}

// A request that has arrived but was not read yet is served.
void Connection::BeginDrain() {
  if (state_ == State::kIdle) Advance();
  if (state_ == State::kIdle) transport_->ShutDown();
  if (state_ == State::kIdle || state_ == State::kHandshake) Close();
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  Enter(State::kClosed);
  transport_.reset();
  error_code ignored;
  socket_.close(ignored);
  shared_.open.Remove();
  loop_.Remove(shared_from_this());
}

Connection::Next Connection::Shake() {
  const Io io = transport_->Handshake();
  if (io == Io::kClosed) {
    ++shared_.counters.handshake_failures;
    return Linger();  // the client should see the alert
  }
  if (io != Io::kDone) return AfterFailure(io);
  Enter(State::kIdle);
  return Next::kStep;
}

Connection::Next Connection::ReadHead() {
  if (state_ == State::kIdle && !in_.empty()) Enter(State::kHead);
  SkipEmptyLine();
  head_request_ = absl::StartsWith(in_, "HEAD ");
  const HeadEnd end = FindHeadEnd(in_, scanned_);
  if (end.state == HeadEnd::State::kMalformed) {
    return Refuse({400, "malformed line ends or control characters"});
  }
  const bool found = end.state == HeadEnd::State::kFound;
  if ((found ? end.size : in_.size()) > shared_.options.max_header_bytes) {
    return Refuse(HeadTooLong());
  }
  return found ? TakeHead(end.size) : ReadMore();
}

// Some clients send one after the body of a request (RFC 9112, 2.2).
void Connection::SkipEmptyLine() {
  if (skipped_ || !absl::StartsWith(in_, "\r\n")) return;
  skipped_ = true;
  in_.erase(0, 2);
  scanned_ = 0;
}

Refusal Connection::HeadTooLong() const {
  const bool line_fits = in_.find('\n') < shared_.options.max_header_bytes;
  return line_fits ? Refusal{431, "the headers are too long"}
                   : Refusal{414, "the target is too long"};
}

Connection::Next Connection::TakeHead(size_t size) {
  const absl::string_view head = absl::string_view(in_).substr(0, size);
  const HttpServerOptions& options = shared_.options;
  const CheckedHead checked =
      CheckHead(head, {options.max_target_bytes, options.max_headers, options.max_body_bytes});
  if (const Refusal* refusal = std::get_if<Refusal>(&checked)) return Refuse(*refusal);
  std::optional<HttpRequest> request = ParseHead(head);
  if (!request) return Refuse({400, "malformed request"});
  facts_ = std::get<HeadFacts>(checked);
  request_ = *std::move(request);
  body_.emplace(facts_, options.max_body_bytes);
  in_.erase(0, size);
  Enter(State::kBody);
  const bool has_body = facts_.chunked || facts_.content_length > 0;
  if (!facts_.expect_continue || !has_body || !in_.empty()) return Next::kStep;
  return Send("HTTP/1.1 100 Continue\r\n\r\n", State::kBody);
}

Connection::Next Connection::ReadBody() {
  switch (body_->Feed(in_)) {
    case BodyState::kMore:
      return ReadMore();
    case BodyState::kDone:
      return Dispatch();
    case BodyState::kTooLong:
      return Refuse({413, "the body is too long"});
    case BodyState::kMalformed:
      break;
  }
  return Refuse({400, "malformed chunk"});
}

Connection::Next Connection::ReadMore() {
  auto& scratch = loop_.scratch();
  const IoResult read = transport_->Read(scratch.data(), scratch.size());
  if (read.io != Io::kDone) return AfterFailure(read.io);
  in_.append(scratch.data(), read.bytes);
  return Next::kStep;
}

Connection::Next Connection::AfterFailure(Io io) {
  if (io == Io::kWantRead) return Next::kAwaitRead;
  if (io == Io::kWantWrite) return Next::kAwaitWrite;
  Close();
  return Next::kRest;
}

Connection::Next Connection::Dispatch() {
  HttpRequest request = std::exchange(request_, {});
  request.body = body_->Take();
  request.peer_ip = peer_ip_;
  request.secure = shared_.tls != nullptr;
  body_.reset();
  ++requests_;
  ++shared_.counters.requests;
  Enter(State::kHandling);
  shared_.handler.Handle(std::move(request),
                         NewRespond(loop_.mailbox(), weak_from_this(), requests_));
  return Next::kRest;
}

void Connection::OnAnswer(int64_t request, std::unique_ptr<HttpResponse> given) {
  if (state_ != State::kHandling || request != requests_) return;
  HttpResponse response = given ? *std::move(given) : Rejection({500, "no answer"});
  if (!IsWellFormed(response)) response = Rejection({500, "malformed answer"});
  const bool keep_alive = MayKeepAlive();
  Send(FormatResponse(response, {head_request_, facts_.http11, keep_alive}, absl::Now()),
       keep_alive ? State::kIdle : State::kLingering);
  Advance();
}

bool Connection::MayKeepAlive() const {
  return facts_.keep_alive && requests_ < shared_.options.max_requests_per_connection &&
         !shared_.draining;
}

HttpResponse Connection::Rejection(const Refusal& refusal) {
  shared_.counters.Rejected(refusal.status);
  HttpResponse response = shared_.handler.Reject(refusal.status, refusal.detail);
  if (IsWellFormed(response)) return response;
  return {.status = refusal.status, .headers = {}, .body = ""};
}

// Nobody knows where a next request would begin.
Connection::Next Connection::Refuse(const Refusal& refusal) {
  Release(in_);
  request_ = {};
  body_.reset();
  return Send(FormatResponse(Rejection(refusal), {head_request_, true, false}, absl::Now()),
              State::kLingering);
}

Connection::Next Connection::Send(std::string bytes, State after) {
  out_ = std::move(bytes);
  sent_ = 0;
  after_ = after;
  Enter(State::kWriting);
  return Next::kStep;
}

Connection::Next Connection::WriteOut() {
  while (sent_ < out_.size()) {
    const IoResult written = transport_->Write(absl::string_view(out_).substr(sent_));
    if (written.io != Io::kDone) return AfterFailure(written.io);
    sent_ += written.bytes;
  }
  return FinishWriting();
}

Connection::Next Connection::FinishWriting() {
  Release(out_);
  if (after_ == State::kLingering || (after_ == State::kIdle && shared_.draining)) return Linger();
  Enter(after_);
  if (after_ == State::kBody) return Next::kStep;
  scanned_ = 0;
  skipped_ = false;
  head_request_ = false;
  if (in_.empty()) Release(in_);
  return Next::kStep;
}

// Closing at once could reset the connection before the client has read the response (RFC 9112,
// 9.6).
Connection::Next Connection::Linger() {
  transport_->ShutDown();
  transport_ = NewPlainTransport(socket_.native_handle());
  Enter(State::kLingering);
  return Next::kStep;
}

Connection::Next Connection::ForgetInput() {
  auto& scratch = loop_.scratch();
  const IoResult read = transport_->Read(scratch.data(), scratch.size());
  forgotten_ += read.bytes;
  if (read.io == Io::kDone && forgotten_ < kMostForgotten) return Next::kStep;
  return AfterFailure(read.io == Io::kDone ? Io::kClosed : read.io);
}

}  // namespace otpgate::gateway
