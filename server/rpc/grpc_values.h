#ifndef OTPGATE_SERVER_RPC_GRPC_VALUES_H_
#define OTPGATE_SERVER_RPC_GRPC_VALUES_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message_lite.h"
#include "server/rpc/admission.h"

// Converts between types of gRPC and ours.
namespace otpgate::rpc {

// The headers of a call; valid as long as `context`.
CallHeaders HeadersOf(const grpc::ServerContext& context);

// The names in the verified certificate of the peer; empty without one.
CertificateNames CertificateNamesOf(const grpc::ServerContext& context);

// The time until the deadline of the call; infinite if it has none.
absl::Duration TimeLeft(const grpc::ServerContext& context);

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message);

// The content of `buffer` in one piece, kept alive by `slice`.
absl::string_view FlatBytes(const grpc::ByteBuffer& buffer, grpc::Slice& slice);

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_GRPC_VALUES_H_
