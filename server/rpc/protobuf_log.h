#ifndef OTPGATE_SERVER_RPC_PROTOBUF_LOG_H_
#define OTPGATE_SERVER_RPC_PROTOBUF_LOG_H_

namespace otpgate {

// Keeps the protobuf library from writing raw lines on standard error, which any client can provoke
// with broken UTF-8. Nothing is lost: the call is refused, and the log says so. Process-global, not
// thread-safe: call it first of all.
void DiscardProtobufLog();

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_PROTOBUF_LOG_H_
