#ifndef OTPGATE_SERVER_CRYPTO_CERTIFICATE_H_
#define OTPGATE_SERVER_CRYPTO_CERTIFICATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Checks of certificates before a TLS library gets them. Pure, thread-safe. Errors are
// INVALID_ARGUMENT and show nothing of a key.
namespace otpgate::crypto {

// Of a server's own certificate, for logs.
struct CertificateFacts {
  absl::Time expires;
  std::string sha256;  // of the DER form, lower-case hex
};

// Whether a server can serve with these PEM texts at `now`: a chain whose first certificate is
// in its time, and an unencrypted private key that belongs to it.
absl::StatusOr<CertificateFacts> CheckServerPair(absl::string_view chain_pem,
                                                 absl::string_view key_pem, absl::Time now);

// Whether the PEM text holds at least one certificate, and nothing but sound ones.
absl::Status CheckCertificates(absl::string_view pem);

}  // namespace otpgate::crypto

#endif  // OTPGATE_SERVER_CRYPTO_CERTIFICATE_H_
