#ifndef OTPGATE_BASE_CRYPTO_CERTIFICATE_H_
#define OTPGATE_BASE_CRYPTO_CERTIFICATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Checks of certificates before a TLS library gets them. Pure, thread-safe. Errors are
// INVALID_ARGUMENT and show nothing of a key.
namespace otpgate::crypto {

// What logs tell about a server's own certificate.
struct CertificateFacts {
  absl::Time expires;
  std::string sha256;  // of the DER form, lower-case hex
};

// Checks that a server can use these PEM texts at `now`: a chain whose first certificate is valid
// at that time, and the unencrypted private key of that certificate.
absl::StatusOr<CertificateFacts> CheckServerPair(absl::string_view chain_pem,
                                                 absl::string_view key_pem, absl::Time now);

// Checks that the PEM text holds at least one certificate and no broken one.
absl::Status CheckCertificates(absl::string_view pem);

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_CERTIFICATE_H_
