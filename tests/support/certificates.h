#ifndef OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_
#define OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_

#include <string>

#include "tests/support/temp_folder.h"

namespace otpgate::testing {

// A chain and its key, in PEM.
struct CertifiedKey {
  std::string chain;
  std::string key;
};

// An authority that issues certificates over P-256 keys for one day; the work is done by the
// program openssl.
class CertificateAuthority {
 public:
  CertificateAuthority();

  const std::string& pem() const { return pem_; }
  // `names` as openssl writes them: "DNS:localhost,IP:127.0.0.1", "URI:spiffe://example.com/a".
  CertifiedKey Issue(const std::string& names) const;

 private:
  const TempFolder folder_;
  std::string pem_;
};

// The key, locked with a passphrase.
std::string Encrypted(const std::string& key);

// What openssl tells about a handshake with a port of 127.0.0.1 in one version: "-tls1_2".
std::string ShakeHands(int port, const std::string& version);

// A directory with tls.crt, tls.key and ca.crt the way Kubernetes mounts a secret: each is a link
// into ..data, and ..data is a link that is exchanged for all three at once.
class MountedSecret {
 public:
  MountedSecret(const CertifiedKey& own, const std::string& roots);

  std::string path() const { return folder_.Path("mounted"); }
  void Replace(const CertifiedKey& own, const std::string& roots);

 private:
  const TempFolder folder_;
  int version_ = 0;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_CERTIFICATES_H_
