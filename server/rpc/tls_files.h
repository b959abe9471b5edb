#ifndef OTPGATE_SERVER_RPC_TLS_FILES_H_
#define OTPGATE_SERVER_RPC_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/rpc/server_options.h"

namespace otpgate::rpc {

// The content of the files of TlsOptions.
struct TlsTexts {
  std::string chain;
  std::string key;
  std::string roots;  // of client certificates; empty if those are off

  friend bool operator==(const TlsTexts&, const TlsTexts&) = default;
};

// About a certificate that was checked.
struct TlsFacts {
  absl::Time expires;
  std::string sha256;  // of the own certificate
};

// Reads the files of `options`. Blocks on the disk. Errors name the file, never its content.
absl::StatusOr<TlsTexts> ReadTls(const TlsOptions& options);

// Checks that a server can serve with `texts` at `now`: certificates and key are well-formed and
// belong together, and the own certificate has not expired. INVALID_ARGUMENT otherwise.
absl::StatusOr<TlsFacts> CheckTls(const TlsOptions& options, const TlsTexts& texts, absl::Time now);

struct LoadedTls {
  TlsTexts texts;
  TlsFacts facts;
};

// ReadTls and CheckTls, for the start of a server; errors begin with the key listen.tls_directory.
//   INVALID_ARGUMENT, NOT_FOUND
absl::StatusOr<LoadedTls> LoadTls(const TlsOptions& options, absl::Time now);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_TLS_FILES_H_
