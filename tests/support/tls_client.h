#ifndef OTPGATE_TESTS_SUPPORT_TLS_CLIENT_H_
#define OTPGATE_TESTS_SUPPORT_TLS_CLIENT_H_

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "tests/support/certificates.h"
#include "tests/support/grpc_call.h"

namespace otpgate::support {

// The certificates that a TLS client trusts and presents.
struct TlsClient {
  std::string roots;
  CertifiedKey own = {};  // empty: presents none

  std::shared_ptr<grpc::ChannelCredentials> credentials() const {
    return grpc::SslCredentials({roots, own.key, own.chain});
  }
};

inline std::shared_ptr<grpc::Channel> NewChannel(int port, const TlsClient& client) {
  return NewChannel(port, {}, client.credentials());
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_TLS_CLIENT_H_
