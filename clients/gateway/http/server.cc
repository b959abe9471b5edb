#include "clients/gateway/http/server.h"

#include <utility>

#include "base/status_macros.h"
#include "clients/gateway/http/acceptor.h"
#include "clients/gateway/http/loop.h"
#include "clients/gateway/http/shared.h"

namespace otpgate::gateway {
namespace {

// To close what is left after the grace; only a handler that blocks its thread takes longer.
constexpr absl::Duration kClosePatience = absl::Seconds(1);

}  // namespace

class HttpServer::Impl {
 public:
  Impl(const HttpServerOptions& options, HttpHandler* handler, std::unique_ptr<TlsContexts> tls)
      : shared_(options, handler, std::move(tls)),
        loops_(MakeLoops(&shared_)),
        acceptor_(&shared_, &loops_) {}

  ~Impl() {
    shared_.draining = true;
    for (const auto& loop : loops_) loop->Stop();
    for (const auto& loop : loops_) loop->Join();
  }

  absl::Status Listen() {
    OTPGATE_ASSIGN_OR_RETURN(const auto endpoint, ParseEndpoint(shared_.options.address));
    OTPGATE_RETURN_IF_ERROR(acceptor_.Listen(endpoint));
    acceptor_.Start();
    return absl::OkStatus();
  }

  int port() const { return acceptor_.port(); }

  void Drain(absl::Duration grace) {
    shared_.draining = true;
    acceptor_.Close();
    for (const auto& loop : loops_) loop->BeginDrain();
    if (shared_.open.AwaitNone(grace)) return;
    for (const auto& loop : loops_) loop->CloseAll();
    shared_.open.AwaitNone(kClosePatience);
  }

  HttpStats stats() const {
    const Counters& counters = shared_.counters;
    HttpStats stats{.open_connections = shared_.open.count(),
                    .connections = counters.connections,
                    .over_limit = counters.over_limit,
                    .accept_failures = counters.accept_failures,
                    .requests = counters.requests,
                    .rejected = {},
                    .idle_closed = counters.idle_closed,
                    .write_timeouts = counters.write_timeouts,
                    .handshake_failures = counters.handshake_failures,
                    .identities_refused = shared_.tls ? shared_.tls->refused() : 0};
    for (size_t i = 0; i < kRejections.size(); ++i) stats.rejected[i] = counters.rejected[i];
    return stats;
  }

 private:
  static Loops MakeLoops(Shared* shared) {
    Loops loops;
    for (int i = 0; i < shared->options.threads; ++i) {
      loops.push_back(std::make_unique<Loop>(shared));
    }
    return loops;
  }

  Shared shared_;
  const Loops loops_;
  Acceptor acceptor_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                              HttpHandler* handler,
                                                              TlsSource* tls) {
  OTPGATE_RETURN_IF_ERROR(CheckOptions(options));
  std::unique_ptr<TlsContexts> contexts;
  if (tls != nullptr) {
    OTPGATE_ASSIGN_OR_RETURN(contexts, TlsContexts::Open(tls));
  }
  auto impl = std::make_unique<Impl>(options, handler, std::move(contexts));
  OTPGATE_RETURN_IF_ERROR(impl->Listen());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->port(); }
void HttpServer::Drain(absl::Duration grace) { impl_->Drain(grace); }
HttpStats HttpServer::stats() const { return impl_->stats(); }

}  // namespace otpgate::gateway
