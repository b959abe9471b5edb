#ifndef OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_
#define OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "server/rpc/tls_store.h"

namespace otpgate {

// Credentials for one listening port: TLS 1.2 or 1.3, each new connection with the certificate the
// store holds at that moment; connections that are open go on. Every port needs its own.
//
// `store` and the credentials outlive the server.
std::shared_ptr<grpc::ServerCredentials> TlsPortCredentials(const TlsStore* store);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_TLS_CREDENTIALS_H_
