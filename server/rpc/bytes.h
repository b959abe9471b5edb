#ifndef OTPGATE_SERVER_RPC_BYTES_H_
#define OTPGATE_SERVER_RPC_BYTES_H_

#include <grpcpp/support/byte_buffer.h>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

// Between messages and the buffers of gRPC.
namespace otpgate {

inline grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

// The content of `buffer` in one piece, kept alive by `slice`.
inline absl::string_view FlatBytes(const grpc::ByteBuffer& buffer, grpc::Slice& slice) {
  if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_BYTES_H_
