#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_SOURCE_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_SOURCE_H_

#include <memory>
#include <string>

namespace otpgate::gateway {

// The certificate of a server, in PEM.
struct TlsIdentity {
  std::string chain;  // the own certificate first
  std::string key;    // without a passphrase
};

// Where an HttpServer takes its certificate from. Outlives it.
class TlsSource {
 public:
  virtual ~TlsSource() = default;

  // The newest identity; equal pointers: nothing has changed. Never null. The server asks for every
  // new connection, on its network threads, and connections keep what they began with. An identity
  // that cannot be used is counted once, and the one before stays in use. Thread-safe; must not
  // block.
  virtual std::shared_ptr<const TlsIdentity> Current() const = 0;
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_TLS_SOURCE_H_
