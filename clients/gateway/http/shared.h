#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_SHARED_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_SHARED_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/steady_cond_var.h"
#include "clients/gateway/http/handler.h"
#include "clients/gateway/http/options.h"
#include "clients/gateway/http/stats.h"
#include "clients/gateway/http/tls_contexts.h"

namespace otpgate::gateway {

// Counts what HttpStats shows. Thread-safe.
struct Counters {
  using Counter = std::atomic<uint64_t>;

  Counter connections{0}, over_limit{0}, accept_failures{0}, requests{0}, idle_closed{0},
      write_timeouts{0}, handshake_failures{0};
  std::array<Counter, kRejections.size()> rejected = {};

  void Rejected(int status) {
    for (size_t i = 0; i < kRejections.size(); ++i) {
      if (kRejections[i] == status) ++rejected[i];
    }
  }
};

// How many connections are open. Thread-safe.
class OpenConnections {
 public:
  explicit OpenConnections(int most) : most_(most) {}

  // Counts one more. False: there are as many as may be.
  bool Add() ABSL_LOCKS_EXCLUDED(mu_);
  void Remove() ABSL_LOCKS_EXCLUDED(mu_);
  // Waits until there are none, `patience` at most. Whether there are none.
  bool AwaitNone(absl::Duration patience) ABSL_LOCKS_EXCLUDED(mu_);
  int count() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  const int most_;
  mutable absl::Mutex mu_;
  SteadyCondVar changed_;
  int count_ ABSL_GUARDED_BY(mu_) = 0;
  bool none_ ABSL_GUARDED_BY(mu_) = true;
};

// What all parts of one server use. Outlives them. Thread-safe.
struct Shared {
  Shared(const HttpServerOptions& server_options, HttpHandler* server_handler,
         std::unique_ptr<TlsContexts> contexts)
      : options(server_options),
        handler(*server_handler),
        tls(std::move(contexts)),
        open(server_options.max_connections) {}

  const HttpServerOptions options;
  HttpHandler& handler;
  const std::unique_ptr<TlsContexts> tls;  // null: plaintext
  Counters counters;
  OpenConnections open;
  std::atomic<bool> draining{false};
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_SHARED_H_
