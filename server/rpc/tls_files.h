#ifndef OTPGATE_SERVER_RPC_TLS_FILES_H_
#define OTPGATE_SERVER_RPC_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config/config.h"

namespace otpgate {

// Where a server finds its certificate, and what it asks of its clients.
struct TlsOptions {
  // Holds tls.crt (the chain, own certificate first), tls.key and, unless certificates of clients
  // are off, ca.crt: what issues those. All PEM. Empty: no TLS.
  std::string directory;
  ClientCertificates client_certificates = ClientCertificates::kOff;
};

// The content of these files.
struct TlsTexts {
  std::string chain;
  std::string key;
  std::string roots;  // empty if certificates of clients are off

  friend bool operator==(const TlsTexts&, const TlsTexts&) = default;
};

struct TlsFacts {
  absl::Time expires;
  std::string sha256;  // of the own certificate
};

// Errors name the file, never its content. Both block on the disk.
absl::StatusOr<TlsTexts> ReadTls(const TlsOptions& options);

// Whether a server can serve with what it read, at `now`: certificates and key are sound and fit,
// and the own certificate has not expired.
absl::StatusOr<TlsFacts> CheckTls(const TlsOptions& options, const TlsTexts& texts, absl::Time now);

struct LoadedTls {
  TlsTexts texts;
  TlsFacts facts;
};

// Both, for a start; errors begin with the key listen.tls_directory.
//   INVALID_ARGUMENT, NOT_FOUND
absl::StatusOr<LoadedTls> LoadTls(const TlsOptions& options, absl::Time now);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_TLS_FILES_H_
