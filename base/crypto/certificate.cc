#include "base/crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <ctime>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/crypto/openssl_ptr.h"
#include "base/status_macros.h"

namespace otpgate::crypto {
namespace {

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;

BioPtr Reading(absl::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// An empty passphrase, so that OpenSSL refuses an encrypted key instead of asking on the terminal.
char* NoPassphrase() {
  static char none[] = "";
  return none;
}

absl::StatusOr<std::vector<X509Ptr>> Parse(absl::string_view pem) {
  const ErrorQueueGuard guard;
  const BioPtr bio = Reading(pem);
  std::vector<X509Ptr> certificates;
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, NoPassphrase())) {
    certificates.emplace_back(next);
  }
  // OpenSSL reports the end of the text as an error too; any other error is about a certificate.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return absl::InvalidArgumentError("holds a broken certificate");
  }
  if (certificates.empty()) return absl::InvalidArgumentError("holds no certificate");
  return certificates;
}

std::string Sha256(const X509& certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest, &size) != 1) return "";
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest), size});
}

absl::StatusOr<absl::Time> TimeOf(const ASN1_TIME* time) {
  std::tm fields = {};
  if (ASN1_TIME_to_tm(time, &fields) != 1) {
    return absl::InvalidArgumentError("the certificate has no readable beginning or end");
  }
  return absl::FromTM(fields, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<CertificateFacts> CheckServerPair(absl::string_view chain_pem,
                                                 absl::string_view key_pem, absl::Time now) {
  const ErrorQueueGuard guard;
  OTPGATE_ASSIGN_OR_RETURN(const std::vector<X509Ptr> chain, Parse(chain_pem));
  const PkeyPtr key(
      PEM_read_bio_PrivateKey(Reading(key_pem).get(), nullptr, nullptr, NoPassphrase()));
  if (key == nullptr) return absl::InvalidArgumentError("no unencrypted private key");
  if (X509_check_private_key(chain[0].get(), key.get()) != 1) {
    return absl::InvalidArgumentError("the private key is not the one of the certificate");
  }
  OTPGATE_ASSIGN_OR_RETURN(const absl::Time begins, TimeOf(X509_get0_notBefore(chain[0].get())));
  OTPGATE_ASSIGN_OR_RETURN(const absl::Time expires, TimeOf(X509_get0_notAfter(chain[0].get())));
  if (begins > now) return absl::InvalidArgumentError("the certificate is not valid yet");
  if (expires <= now) return absl::InvalidArgumentError("the certificate has expired");
  return CertificateFacts{expires, Sha256(*chain[0])};
}

absl::Status CheckCertificates(absl::string_view pem) {
  const ErrorQueueGuard guard;
  return Parse(pem).status();
}

}  // namespace otpgate::crypto
