#ifndef OTPGATE_SERVER_RPC_GRPC_VALUES_H_
#define OTPGATE_SERVER_RPC_GRPC_VALUES_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message_lite.h"
#include "server/rpc/admission.h"

// Between the values of gRPC and ours.
namespace otpgate {

// Valid as long as the context.
CallHeaders HeadersOf(const grpc::ServerContext& context);

// Of the verified certificate at the other end of the connection; none without one.
CertificateNames CertificateNamesOf(const grpc::ServerContext& context);

// Until the deadline the client named; infinite if it named none.
absl::Duration TimeLeft(const grpc::ServerContext& context);

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message);

// The content of `buffer` in one piece, kept alive by `slice`.
absl::string_view FlatBytes(const grpc::ByteBuffer& buffer, grpc::Slice& slice);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_GRPC_VALUES_H_
