#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_CONTEXTS_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_CONTEXTS_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clients/gateway/http/tls_source.h"

struct ssl_ctx_st;  // SSL_CTX

namespace otpgate::gateway {

using SslContext = std::shared_ptr<ssl_ctx_st>;

// A context for servers: TLS 1.2 and 1.3, forward secrecy and authenticated encryption only, ALPN
// http/1.1 (a client that offers other protocols only is refused, RFC 7301), no renegotiation, no
// compression, no sessions on the side of the server.
//   INVALID_ARGUMENT  the identity is malformed, expired, or its key is not the certificate's
absl::StatusOr<SslContext> NewSslContext(const TlsIdentity& identity);

// The context for the newest identity of a source. Thread-safe.
class TlsContexts {
 public:
  // `source` outlives it. INVALID_ARGUMENT: the identity it has now cannot be used.
  static absl::StatusOr<std::unique_ptr<TlsContexts>> Open(const TlsSource* source);

  // The context for new connections. Never null. A new identity that cannot be used is looked at
  // once; the context before it stays.
  SslContext Newest() ABSL_LOCKS_EXCLUDED(mu_);

  // How many identities could not be used.
  uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  explicit TlsContexts(const TlsSource* source) : source_(*source) {}

  absl::Status LookAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const TlsSource& source_;
  std::atomic<uint64_t> refused_{0};
  absl::Mutex mu_;
  std::shared_ptr<const TlsIdentity> seen_ ABSL_GUARDED_BY(mu_);  // the last, also if refused
  SslContext context_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_CONTEXTS_H_
