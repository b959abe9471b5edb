#ifndef OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_
#define OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_

#include <string>

#include "tests/support/temp_folder.h"

namespace otpgate::support {

// A certificate chain and its key, in PEM.
struct CertifiedKey {
  std::string chain;
  std::string key;
};

// A certificate authority: issues certificates for P-256 keys, valid for one day, with the program
// openssl.
class CertificateAuthority {
 public:
  CertificateAuthority();

  const std::string& pem() const { return pem_; }
  // A new certificate. `names` in the syntax of openssl: "DNS:localhost,IP:127.0.0.1",
  // "URI:spiffe://example.com/a".
  CertifiedKey Issue(const std::string& names) const;

 private:
  const TempFolder folder_;
  std::string pem_;
};

// The key, encrypted with a passphrase.
std::string Encrypted(const std::string& key);

// The output of openssl for a handshake with a port of 127.0.0.1; `version` such as "-tls1_2".
std::string ShakeHands(int port, const std::string& version);

// A directory with tls.crt, tls.key and ca.crt as Kubernetes mounts a secret: each is a link into
// ..data, and ..data is a link whose replacement changes all three at once.
class MountedSecret {
 public:
  MountedSecret(const CertifiedKey& own, const std::string& roots);

  std::string path() const { return folder_.Path("mounted"); }
  void Replace(const CertifiedKey& own, const std::string& roots);

 private:
  const TempFolder folder_;
  int version_ = 0;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_
