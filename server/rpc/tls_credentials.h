#ifndef OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_
#define OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/rpc/tls_store.h"

namespace otpgate::rpc {

// Credentials for one listening port: TLS 1.2 or 1.3. A new connection gets the certificate that
// the store holds at that moment; open connections are not affected. Every port needs credentials
// of its own.
//
// `store` and the credentials outlive the server.
std::shared_ptr<grpc::ServerCredentials> TlsPortCredentials(const TlsStore* store);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_
